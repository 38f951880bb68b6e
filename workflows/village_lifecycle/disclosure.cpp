#include "workflows/village_lifecycle/disclosure.hpp"

#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/facts.hpp"

namespace cunmai::workflows::village {

namespace {

constexpr std::string_view votes_path = "/ballot/votes";

// Older events do not say in which ballot the vote was cast. They count as cast in the open one: as long as it is open,
// too much may be withheld, but never too little.
bool is_of_open_ballot(const engine::CaseView& now, const Json& context) {
    const auto& number = part(context, "ballot");
    return !number.is_number() || number == part(part(now.facts, "ballot"), "number");
}

bool tells_a_vote(const Json& change) {
    const auto path = change.value("path", "");
    return path == "/ballot" || path.starts_with(votes_path);
}

} // namespace

bool is_voting_by_name(const engine::CaseView& now) { return part(part(now.facts, "ballot"), "votes").is_object(); }

void withhold_votes(const engine::Reader& reader, Json& facts) {
    for (auto& [person, vote] : facts.at("ballot").at("votes").items())
        if (person != reader.person.text) vote = {{"at", part(vote, "at")}, {"withheld", until_ballot_closes}};
}

void withhold_vote(const engine::Reader& reader, const engine::CaseView& now, const engine::Event& event,
                   engine::Readable& content) {
    if (event.command != CastVote::key || event.actor == reader.person || !is_of_open_ballot(now, content.context))
        return;
    content.payload = Json::object();
    for (auto change = content.changes.begin(); change != content.changes.end();)
        change = tells_a_vote(*change) ? content.changes.erase(change) : change + 1;
    content.withheld = until_ballot_closes;
}

void withhold_reasons(const engine::Reader& reader, engine::Refused& refused) {
    if (refused.command != CastVote::key || refused.actor == reader.person) return;
    bool told = false; // one reason says that something is withheld
    auto reasons = Json::array();
    for (const auto& reason : refused.reasons) {
        const auto field = reason.value("field", "");
        if (field != "choice" && field != "reason")
            reasons.push_back(reason);
        else if (!std::exchange(told, true))
            reasons.push_back({{"code", until_ballot_closes}, {"facts", Json::object()}});
    }
    refused.reasons = std::move(reasons);
}

} // namespace cunmai::workflows::village
