#include "workflows/committee_meeting/rules.hpp"

#include "engine/authority.hpp"
#include "workflows/common/context.hpp"
#include "workflows/common/notices.hpp"
#include "workflows/common/rules.hpp"

#include <algorithm>
#include <set>

namespace cunmai::workflows::meeting {

using namespace engine;

namespace {

bool contains(const Json& list, const Json& item) {
    return list.is_array() && std::find(list.begin(), list.end(), item) != list.end();
}

Json member_or_empty_list(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || !found->is_array() ? Json::array() : *found;
}

Json each_once(const Json& list) {
    Json unique = Json::array();
    for (const auto& item : list)
        if (!contains(unique, item)) unique.push_back(item);
    return unique;
}

Json without(const Json& list, const Json& item) {
    Json rest = Json::array();
    for (const auto& one : list)
        if (one != item) rest.push_back(one);
    return rest;
}

bool awaits_vote(const LinkedCase& one, const Place& district) {
    return one.definition == "village_lifecycle" && covers(district.path, one.place_path) &&
           (one.state == "committee_approval" || one.state == "exit_approval");
}

Json not_awaiting_a_vote(Json ids, Knowledge& knowledge, const Place& district) {
    std::set<CaseId> asked;
    for (const auto& id : ids) asked.insert({id.get<std::string>()});
    for (const auto& one : knowledge.linked_cases(asked))
        if (awaits_vote(one, district)) ids = without(ids, one.id.text);
    return ids;
}

void notify_committee(Decision& decision, std::string topic, Json params) {
    notify(decision, std::move(topic), {"committee_member", "committee_chair"}, std::move(params));
}

Json named(const Json& facts) { return {{"title", facts.value("title", "")}, {"on", facts.value("meeting_on", "")}}; }

} // namespace

bool ChairFits::holds(const Ask& ask, Refusal& why) {
    if (!ask.context.value("chair_fits", false)) why.add_for("chair", "chair_not_of_committee");
    return why.empty();
}

bool AgendaFits::holds(const Ask& ask, Refusal& why) {
    const auto unfit = member_or_empty_list(ask.context, "agenda_unfit");
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
    const auto strangers = member_or_empty_list(ask.context, "not_members");
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
        {"secret", secret != ask.payload.end() && secret->is_boolean() ? *secret : ask.context.at("secret_by_rule")},
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
        decision.tells.push_back({{id.get<std::string>()}, "attendance_changed", {{"present", present}}});
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

Json gather(const DefinitionInfo& info, const Ask& ask, Knowledge& knowledge) {
    auto context = Json::object();
    if (auto missing = missing_documents(info, ask, knowledge); !missing.empty())
        context["documents_missing"] = std::move(missing);

    if (ask.command == "convene") {
        const auto members = committee(knowledge, ask.place.path);
        context["chair_fits"] = std::find(members.begin(), members.end(), ask.given("chair")) != members.end();
        context["secret_by_rule"] = required_rule(knowledge, "committee").value("secret", false);
    }
    if (ask.command == "convene" || ask.command == "set_agenda") {
        auto added = each_once(member_or_empty_list(ask.payload, "agenda"));
        for (const auto& heard : member_or_empty_list(ask.facts, "agenda")) added = without(added, heard);
        auto unfit = not_awaiting_a_vote(std::move(added), knowledge, ask.place);
        if (!unfit.empty()) context["agenda_unfit"] = std::move(unfit);
    }
    if (ask.command == "start_session" || ask.command == "record_attendance") {
        const auto members = committee(knowledge, ask.place.path);
        const std::set<std::string> known(members.begin(), members.end());
        const auto present = member_or_empty_list(ask.facts, "present"); // may stay, even if they left office
        auto strangers = Json::array();
        for (const auto& person : member_or_empty_list(ask.payload, "attendance"))
            if (!known.contains(person.get<std::string>()) && !contains(present, person)) strangers.push_back(person);
        if (!strangers.empty()) context["not_members"] = std::move(strangers);
    }
    return context;
}

} // namespace cunmai::workflows::meeting
