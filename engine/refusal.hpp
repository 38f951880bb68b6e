// Why something can't be done, as codes and the facts that are missing. The sentence is made at the edge, in the
// reader's language, from the message `reason.<code>`.
#pragma once

#include "engine/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cunmai::engine {

struct Reason {
    std::string code;            // "opinion_missing"
    Json facts = Json::object(); // what the sentence names: {"department": "discipline"}
    std::string field;           // the input field that it is about, or empty

    friend bool operator==(const Reason&, const Reason&) = default;
};

class Refusal {
  public:
    void add(std::string_view code, Json facts = Json::object()) { add_for("", code, std::move(facts)); }
    void add_for(std::string_view field, std::string_view code, Json facts = Json::object());
    void add_all(const Refusal& other);
    bool empty() const { return reasons_.empty(); }
    bool has(std::string_view code) const;
    bool is_about(std::string_view field) const;
    const std::vector<Reason>& reasons() const& { return reasons_; }
    const std::vector<Reason>& reasons() && = delete; // a loop over it would outlive the refusal

  private:
    // In the order found, each once, at most 50. What comes on top is counted, not kept: the last reason is then
    // `and_more` with the fact `count` (of those one may be counted twice).
    std::vector<Reason> reasons_;
};

Json to_json(const Refusal& refusal); // [{"code":…,"facts":{…},"field":…}]
Refusal refusal_of(const Json& json); // REQUIRES: made by to_json

} // namespace cunmai::engine
