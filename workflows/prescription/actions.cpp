#include "workflows/prescription/actions.hpp"

#include "workflows/common/notices.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/prescription/facts.hpp"
#include "workflows/prescription/relations.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/commands.hpp"

#include <algorithm>

namespace cunmai::workflows::prescription {

namespace {

// A new deadline: its reminders start anew.
void set_deadline(Json& facts, const Json& schedule, const Json& yellow_while_pending) {
    for (const auto* date : {"deadline_on", "remind_on", "escalate_on"}) facts[date] = schedule.at(date);
    facts["yellow_while_pending"] = yellow_while_pending;
    for (const auto* flag : {"reminded", "overdue", "escalated"}) facts.erase(flag);
}

void tell_responsible(Decision& decision, std::string topic, Json params = Json::object()) {
    notify_people(decision, std::move(topic), {text_of(decision.facts, "responsible_person")}, std::move(params));
}

void tell_issuer(const Ask& ask, Decision& decision, std::string topic, Json params = Json::object()) {
    notify_people(decision, std::move(topic), {text_of(ask.facts, "issuer")}, std::move(params));
}

// Keeps who had a hand in the work, the responsible person or somebody on their behalf: none of them may accept it.
void add_doers(const Ask& ask, Json& facts) {
    auto& doers = facts["doers"];
    if (!doers.is_array()) doers = Json::array();
    for (const auto& person : ask.persons())
        if (std::find(doers.begin(), doers.end(), person) == doers.end()) doers.push_back(person);
}

void notify_by_rule(const Ask& ask, Decision& decision, std::string topic, const Json& recipients) {
    engine::Notice notice{std::move(topic), {}, "", {}, {{"due_on", text_of(ask.facts, "deadline_on")}}};
    for (const auto& recipient : recipients) {
        const auto key = recipient.get<std::string>();
        if (key == ResponsiblePerson::key || key == Issuer::key)
            notice.people.push_back({text_of(ask.facts, key)});
        else
            notice.roles.push_back(key);
    }
    decision.notices.push_back(std::move(notice));
}

} // namespace

void KeepDraft::run(const Ask& ask, Decision& decision) {
    decision.facts = merged_with(Json::object(), ask.payload);
    decision.facts["parent"] = ask.parent();
}

void IssueIt::run(const Ask& ask, Decision& decision) {
    decision.facts = merged_with(ask.facts, ask.payload);
    set_deadline(decision.facts, needs::get<ScheduleOfIssue>(ask), needs::get<YellowWhilePending>(ask));
    decision.facts["issuer"] = ask.acting_for();
    decision.facts["issued_on"] = ask.today();
    tell_responsible(decision, "prescription_issued", {{"due_on", decision.facts["deadline_on"]}});
}

void NoteAcceptance::run(const Ask& ask, Decision& decision) {
    decision.facts["accepted_on"] = ask.today();
    add_doers(ask, decision.facts);
    tell_issuer(ask, decision, "prescription_accepted");
}

void TakeBack::run(const Ask& ask, Decision& decision) {
    decision.facts.erase("responsible_person");
    decision.facts["declined"] = decision.facts.value("declined", 0) + 1;
    tell_issuer(ask, decision, "prescription_declined", {{"reason", ask.given("reason")}});
}

void KeepProgress::run(const Ask& ask, Decision& decision) {
    decision.facts["percent"] = ask.payload.at("percent");
    decision.facts["progress_on"] = ask.today();
    const bool by_coordinator = text_of(ask.facts, "responsible_person") != ask.acting_for().text;
    if (!by_coordinator) add_doers(ask, decision.facts); // a coordinator reports on the work of others
}

void AskForExtension::run(const Ask& ask, Decision& decision) {
    decision.facts["extension"] = {
        {"until_on", ask.given("until_on")}, {"reason", ask.given("reason")}, {"asked_by", ask.persons()}};
    tell_issuer(ask, decision, "extension_requested",
                {{"until_on", ask.given("until_on")}, {"reason", ask.given("reason")}});
}

void Extend::run(const Ask& ask, Decision& decision) {
    set_deadline(decision.facts, needs::get<ScheduleOfExtension>(ask), needs::get<YellowWhilePending>(ask));
    decision.facts.erase("extension");
    decision.facts["extensions_granted"] = ask.facts.value("extensions_granted", 0) + 1;
    tell_responsible(decision, "extension_granted", {{"due_on", decision.facts["deadline_on"]}});
}

void DropExtension::run(const Ask& ask, Decision& decision) {
    decision.facts.erase("extension");
    tell_responsible(decision, "extension_refused", {{"reason", ask.given("reason")}});
}

void KeepResult::run(const Ask& ask, Decision& decision) {
    auto& facts = decision.facts;
    add_doers(ask, facts);
    facts["submitted_on"] = ask.today();
    facts["evidence"] = ask.payload.at("evidence");
    facts.erase("extension");
    facts.erase("missing");
    notify<TownSupervisor>(decision, "result_submitted");
    decision.notices.push_back({"result_submitted",
                                {std::string(VillageCoordinator::key)},
                                coordinator_kind_for(text_of(facts, "category")),
                                {},
                                Json::object()});
}

void CloseIt::run(const Ask& ask, Decision& decision) {
    decision.facts["closed_on"] = ask.today();
    decision.facts["percent"] = 100;
    decision.facts["checked_by"] = ask.acting_for();
    tell_responsible(decision, "result_accepted");
}

void SendBack::run(const Ask& ask, Decision& decision) {
    decision.facts["missing"] = ask.given("missing");
    decision.facts["rejections"] = decision.facts.value("rejections", 0) + 1;
    tell_responsible(decision, "result_rejected", {{"missing", ask.given("missing")}});
}

void ReopenIt::run(const Ask& ask, Decision& decision) {
    set_deadline(decision.facts, needs::get<ScheduleOfReopening>(ask), needs::get<YellowWhilePending>(ask));
    decision.facts.erase("closed_on");
    decision.facts.erase("percent");
    decision.facts["extensions_granted"] = 0;
    decision.facts["reopened"] = decision.facts.value("reopened", 0) + 1;
    tell_responsible(decision, "prescription_reopened",
                     {{"due_on", decision.facts["deadline_on"]}, {"reason", ask.given("reason")}});
}

void CancelIt::run(const Ask& ask, Decision& decision) {
    decision.facts.erase("extension");
    tell_responsible(decision, "prescription_cancelled", {{"reason", ask.given("reason")}});
}

void WithdrawIt::run(const Ask&, Decision& decision) {
    decision.facts.erase("extension");
    decision.facts["colour"] = "";
    tell_responsible(decision, "prescription_withdrawn");
}

void SendReminder::run(const Ask& ask, Decision& decision) {
    decision.facts["reminded"] = true;
    notify_by_rule(ask, decision, "prescription_due_soon", needs::get<RecipientsBeforeDeadline>(ask));
}

void TurnRed::run(const Ask& ask, Decision& decision) {
    decision.facts["overdue"] = true;
    notify_by_rule(ask, decision, "prescription_overdue", needs::get<RecipientsAtDeadline>(ask));
}

void SendEscalation::run(const Ask& ask, Decision& decision) {
    decision.facts["escalated"] = true;
    notify_by_rule(ask, decision, "prescription_escalated", needs::get<RecipientsAfterDeadline>(ask));
}

void TellVillage::run(const Ask& ask, Decision& decision) {
    auto& facts = decision.facts;
    facts["colour"] = colour_of(decision.to, facts, ask.today());
    const auto parent = text_of(facts, "parent");
    if (parent.empty()) return;
    Json change{
        {"prescription", ask.case_id}, {"state", decision.to}, {"title", title_in(facts)}, {"colour", facts["colour"]}};
    for (const auto& [from, to] :
         {std::pair{"source", "source"}, {"deadline_on", "due_on"}, {"responsible_person", "responsible"}})
        if (auto text = text_of(facts, from); !text.empty()) change[to] = std::move(text);
    if (facts["colour"] == "") change.erase("colour");
    decision.tells.push_back(tell<village::PrescriptionChanged>(parent, std::move(change)));
}

} // namespace cunmai::workflows::prescription
