#include "workflows/committee_meeting/needs.hpp"

#include "engine/authority.hpp"
#include "workflows/committee_meeting/facts.hpp"
#include "workflows/common/needs.hpp"
#include "workflows/common/rules.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/village_lifecycle/states.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

#include <algorithm>
#include <set>

namespace cunmai::workflows::meeting {

using namespace engine;

namespace {

bool awaits_vote(const LinkedCase& one, const Place& district) {
    return one.definition == village::workflow_key && covers(district.path, one.place_path) &&
           is_in<village::CommitteeApproval, village::ExitApproval>(one.state);
}

// Null instead of an empty list, because null leaves no trace in the event.
Json unless_empty(Json list) { return list.empty() ? Json() : std::move(list); }

} // namespace

Json ChairIsMember::gather(const Ask& ask, Knowledge& knowledge) {
    const auto members = committee(knowledge, ask.place.path);
    return std::find(members.begin(), members.end(), ask.given("chair")) != members.end();
}

Json SecretByRule::gather(const Ask&, Knowledge& knowledge) {
    return required_rule(knowledge, "committee").value("secret", false);
}

Json NotAwaitingVote::gather(const Ask& ask, Knowledge& knowledge) {
    auto unfit = each_once(member_or_empty_list(ask.payload, "agenda"));
    for (const auto& heard : member_or_empty_list(ask.facts, "agenda")) unfit = without(unfit, heard);
    std::set<CaseId> asked;
    for (const auto& id : unfit) asked.insert({id.get<std::string>()});
    for (const auto& one : knowledge.linked_cases(asked))
        if (awaits_vote(one, ask.place)) unfit = without(unfit, one.id.text);
    return unless_empty(std::move(unfit));
}

Json NotMembers::gather(const Ask& ask, Knowledge& knowledge) {
    const auto members = committee(knowledge, ask.place.path);
    const std::set<std::string> known(members.begin(), members.end());
    const auto present = member_or_empty_list(ask.facts, "present"); // may stay, even if they left office
    auto strangers = Json::array();
    for (const auto& person : member_or_empty_list(ask.payload, "attendance"))
        if (!known.contains(person.get<std::string>()) && !contains(present, person)) strangers.push_back(person);
    return unless_empty(std::move(strangers));
}

} // namespace cunmai::workflows::meeting
