// The documents of the record, for the verifier: those that events name, directly or through answers, are there, have
// the bytes that they are named by, and are linked to the case, so that whoever sees it may read them; nothing else is.
// Used by several threads at once; a document is read once.
#pragma once

#include "adapters/services/app.hpp"
#include "engine/replay.hpp"

#include <mutex>

namespace cunmai::verifier {

class VerifiedDocuments {
  public:
    explicit VerifiedDocuments(App& app) : app_(app) {}

    // The first damage of this case. `opened_by`: the events of the case that opened it, when there is one: their
    // documents may be its own, too.
    std::optional<engine::Damage> damage_of(const engine::CaseId& id, const std::vector<engine::Event>& events,
                                            const std::function<std::vector<engine::Event>()>& opened_by);

    bool is_whole(const std::string& sha256);
    std::int64_t read() const { return read_; }

  private:
    std::vector<std::string> named_in(const engine::Event& event);
    std::set<std::string> evidence_in(const std::string& answers);

    App& app_;
    std::mutex mutex_;                     // guards the rest
    std::map<std::string, bool> is_whole_; // by SHA-256
    std::int64_t read_ = 0;
};

} // namespace cunmai::verifier
