#include "engine/outcome.hpp"

#include <algorithm>
#include <array>

namespace cunmai::engine {

namespace {

using Kind = Outcome::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 9> names{{{Kind::accepted, "accepted"},
                                                                  {Kind::refused, "refused"},
                                                                  {Kind::invalid, "invalid"},
                                                                  {Kind::conflict, "conflict"},
                                                                  {Kind::forbidden, "forbidden"},
                                                                  {Kind::not_found, "not_found"},
                                                                  {Kind::unknown_command, "unknown_command"},
                                                                  {Kind::not_here, "not_here"},
                                                                  {Kind::key_reused, "key_reused"}}};

Outcome at(const Json& json) {
    Outcome outcome;
    outcome.case_id.text = json.at("case_id");
    outcome.state = json.at("state");
    outcome.version = json.at("version");
    outcome.replayed = true;
    return outcome;
}

} // namespace

std::string_view name_of(Kind kind) {
    return std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == kind; })->second;
}

// A refused outcome stands in a member of its own, so that an older program, which knows only accepted outcomes, does
// not take it for one of those.
std::optional<Json> kept_of(const Outcome& outcome) {
    if (outcome.kind == Kind::conflict || outcome.kind == Kind::key_reused) return std::nullopt;
    Json json{{"case_id", outcome.case_id}, {"state", outcome.state}, {"version", outcome.version}};
    if (outcome.kind == Kind::accepted) {
        json["created"] = outcome.created;
    } else {
        json["kind"] = name_of(outcome.kind);
        json["definition"] = outcome.definition;
        json["reasons"] = to_json(outcome.refusal);
        json = Json{{"refused", std::move(json)}};
    }
    if (!outcome.sealed_field.empty()) json["sealed_field"] = outcome.sealed_field;
    return json;
}

Outcome outcome_of(const Json& kept) {
    const auto found = kept.find("refused");
    if (found == kept.end()) {
        auto outcome = at(kept);
        outcome.kind = Kind::accepted;
        outcome.created.text = kept.at("created");
        return outcome;
    }
    const auto& refused = *found;
    auto outcome = at(refused);
    outcome.kind = std::find_if(names.begin(), names.end(), [&](const auto& one) {
                       return one.second == refused.at("kind");
                   })->first;
    outcome.definition = refused.at("definition");
    outcome.refusal = refusal_of(refused.at("reasons"));
    return outcome;
}

} // namespace cunmai::engine
