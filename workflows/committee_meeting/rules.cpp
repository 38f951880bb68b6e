#include "workflows/committee_meeting/rules.hpp"

#include "workflows/committee_meeting/facts.hpp"
#include "workflows/common/notices.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/commands.hpp"

namespace cunmai::workflows::meeting {

using namespace engine;

namespace {

void notify_committee(Decision& decision, std::string topic, Json params) {
    notify<CommitteeMember, CommitteeChair>(decision, std::move(topic), std::move(params));
}

Json named(const Json& facts) { return {{"title", facts.value("title", "")}, {"on", facts.value("meeting_on", "")}}; }

} // namespace

bool ChairFits::holds(const Ask& ask, Refusal& why) {
    if (needs::get<ChairIsMember>(ask) != true) why.add_for("chair", "chair_not_of_committee");
    return why.empty();
}

bool AgendaFits::holds(const Ask& ask, Refusal& why) {
    const auto& unfit = needs::get<NotAwaitingVote>(ask);
    if (!unfit.empty()) why.add_for("agenda", "not_awaiting_a_vote", {{"count", unfit.size()}, {"cases", unfit}});
    return why.empty();
}

bool AgendaKeepsOpenBallots::holds(const Ask& ask, Refusal& why) {
    const auto agenda = member_or_empty_list(ask.payload, "agenda");
    auto dropped = Json::array();
    for (const auto& id : member_or_empty_list(ask.facts, "open_ballots"))
        if (!contains(agenda, id)) dropped.push_back(id);
    if (!dropped.empty()) why.add_for("agenda", "ballot_still_open", {{"count", dropped.size()}, {"cases", dropped}});
    return why.empty();
}

bool AttendanceFits::holds(const Ask& ask, Refusal& why) {
    const auto& strangers = needs::get<NotMembers>(ask);
    if (!strangers.empty())
        why.add_for("attendance", "not_committee_members", {{"count", strangers.size()}, {"people", strangers}});
    return why.empty();
}

bool NoBallotIsOpen::holds(const Ask& ask, Refusal& why) {
    const auto open = member_or_empty_list(ask.facts, "open_ballots");
    if (!open.empty()) why.add("ballot_still_open", {{"count", open.size()}, {"cases", open}});
    return why.empty();
}

void KeepMeeting::run(const Ask& ask, Decision& decision) {
    const auto secret = ask.payload.find("secret");
    decision.facts = {
        {"title", ask.given("title")},
        {"meeting_on", ask.given("meeting_on")},
        {"chair", ask.given("chair")},
        {"agenda", each_once(member_or_empty_list(ask.payload, "agenda"))},
        {"secret", secret != ask.payload.end() && secret->is_boolean() ? *secret : needs::get<SecretByRule>(ask)},
        {"open_ballots", Json::array()},
        {"results", Json::array()}};
    notify_committee(decision, "meeting_convened", named(decision.facts));
}

void KeepAgenda::run(const Ask& ask, Decision& decision) {
    decision.facts["agenda"] = each_once(ask.payload.at("agenda"));
}

void KeepAttendance::run(const Ask& ask, Decision& decision) {
    const auto present = each_once(ask.payload.at("attendance"));
    decision.facts["present"] = present;
    for (const auto& id : member_or_empty_list(ask.facts, "open_ballots"))
        decision.tells.push_back(tell<village::AttendanceChanged>(id, {{"present", present}}));
}

void NoteOpenBallot::run(const Ask& ask, Decision& decision) {
    decision.facts["open_ballots"].push_back(ask.payload.at("case_id"));
}

void NoteResult::run(const Ask& ask, Decision& decision) {
    decision.facts["open_ballots"] = without(decision.facts["open_ballots"], ask.payload.at("case_id"));
    decision.facts["results"].push_back(ask.payload);
}

void NoteEnd::run(const Ask& ask, Decision& decision) { decision.facts["closed_on"] = ask.today(); }

void TellCancelled::run(const Ask& ask, Decision& decision) {
    auto params = named(ask.facts);
    params["reason"] = ask.given("reason");
    notify_committee(decision, "meeting_cancelled", std::move(params));
}

} // namespace cunmai::workflows::meeting
