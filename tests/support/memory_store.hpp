// The engine's ports in memory, so that engine tests need no database. A write works on a copy that replaces everything
// at commit, so that failing work leaves nothing behind.
#pragma once

#include "engine/ports.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace cunmai::test {

class ManualClock final : public engine::Clock {
  public:
    engine::Instant now() const override { return now_; }
    void set(engine::Instant now) { now_ = now; }
    void advance_seconds(std::int64_t seconds) { now_ = now_.plus_seconds(seconds); }

  private:
    engine::Instant now_{1'740'787'200'000'000}; // 2025-03-01T00:00:00Z
};

struct Posted {                                 // a notice, and where it comes from
    std::shared_ptr<const engine::CaseRow> row; // after the event
    std::string command, from;
    engine::PersonId actor;
    engine::Notice notice;
};

struct Memory {
    std::map<engine::CaseId, engine::CaseRow> rows;
    std::map<engine::CaseId, std::vector<engine::Event>> events;
    std::map<engine::CaseId, std::vector<engine::Task>> tasks;
    std::map<engine::CaseId, std::vector<engine::Timer>> timers;
    std::map<std::pair<engine::PersonId, std::string>, engine::StoredReply> replies;
    std::vector<engine::Refused> refused;
    std::vector<engine::Notice> notices;
    std::vector<Posted> posted; // the same, in the same order
    std::map<std::tuple<engine::CaseId, std::string, engine::PersonId>, std::string> boxes;
    std::map<std::string, engine::Place> places;
    std::vector<engine::Grant> grants;
    std::vector<engine::Delegation> delegations;
    std::set<std::pair<engine::PersonId, std::string>> interests;
    std::map<std::pair<engine::PersonId, std::string>, engine::Instant> ended_interests; // when they were withdrawn
    std::map<std::string, Json> rules;
    std::map<std::string, std::string> documents;
    int next_id = 1;
};

class MemoryStore final : public engine::Store {
  public:
    void write(const std::function<void(engine::Transaction&)>& work) override;
    void read(const std::function<void(engine::Transaction&)>& work) override;

    Memory memory;
    std::function<void()> before_commit; // a hook of tests: when it throws, nothing was written
    std::function<void()> after_commit;  // when it throws, everything was written, but the caller can't know
    bool lose_next_move = false;         // as if another transaction had moved the row

  private:
    std::mutex mutex_;
};

} // namespace cunmai::test
