#include "workflows/village_lifecycle/actions.hpp"

#include "workflows/committee_meeting/commands.hpp"
#include "workflows/common/notices.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/prescription/commands.hpp"
#include "workflows/prescription/prescription.hpp"
#include "workflows/prescription/states.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/facts.hpp"

#include <algorithm>

namespace cunmai::workflows::village {

namespace {

Json due_dates_of(const Ask& ask) {
    auto due = Json::object();
    for (const auto* step : {"self_check_due_on", "screening_due_on", "review_due_on", "committee_due_on"})
        if (const auto date = ask.given(step); !date.empty()) due[step] = date;
    return due;
}

void open(const Ask& ask, Decision& decision, bool targeted) {
    decision.facts = {{"opened_on", ask.today()}, {"targeted", targeted}, {"due", due_dates_of(ask)}};
    if (const auto round = ask.batch(); !round.empty()) decision.facts["round"] = round;
}

void add_nominators(const Ask& ask, Json& facts) {
    auto& list = facts["nominated_by"];
    if (!list.is_array()) list = Json::array();
    for (const auto& person : ask.persons())
        if (std::find(list.begin(), list.end(), person) == list.end()) list.push_back(person);
}

// Marks closed prescriptions as spent, so that they treat nothing any more: those with this source, or all.
void spend_closed(Json& facts, const std::string& source = "") {
    if (!facts.contains("prescriptions")) return;
    for (auto& prescription : facts["prescriptions"])
        if (prescription.value("state", "") == prescription::Closed::key &&
            (source.empty() || prescription.value("source", "") == source))
            prescription["spent"] = true;
}

void drop_treated_relapses(Json& facts) {
    if (!facts.contains("relapse_items")) return;
    const auto treated = treated_sources(facts);
    auto open = Json::array();
    for (const auto& item : facts["relapse_items"])
        if (!treated.contains(item.at("code").get<std::string>())) open.push_back(item);
    facts["relapse_items"] = std::move(open);
}

// A new proposal: the departments sign anew. What they signed before stands in the history.
void start_review(const Ask& ask, Json& facts, const Json& required) {
    facts["required"] = required;
    facts["opinions"] = Json::object();
    facts.erase("deferred_on");
    add_nominators(ask, facts);
}

// Whatever ends a village's case ends its prescriptions.
void withdraw_prescriptions(const Ask& ask, Decision& decision) {
    for (const auto& id : open_prescriptions(ask.facts)) {
        decision.facts["prescriptions"][id]["state"] = prescription::Cancelled::key;
        decision.tells.push_back(tell<prescription::Withdraw>(id));
    }
}

void tell_result(const Ask& ask, Decision& decision, const Json& ballot, const std::string& result) {
    decision.tells.push_back(tell<meeting::BallotClosed>(
        ballot.at("meeting"), {{"case_id", ask.case_id}, {"purpose", ballot.at("purpose")}, {"result", result}}));
}

// A ballot that is cut off by the end of the case is void: nothing is counted, sealed votes are struck.
void void_open_ballot(const Ask& ask, Decision& decision) {
    if (!has_open_ballot(ask.facts)) return;
    const auto& ballot = ask.facts.at("ballot");
    if (engine::ballot::is_secret(ballot))
        for (const auto& person : ballot.at("voted"))
            decision.unseal.emplace_back(engine::ballot::box_of(ballot), engine::PersonId{person});
    tell_result(ask, decision, ballot, "void");
    decision.facts.erase("ballot");
}

} // namespace

// ---- opening, self-check, screening -------------------------------------------------------------------------------

void OpenCase::run(const Ask& ask, Decision& decision) {
    open(ask, decision, false);
    notify<VillageOfficer>(decision, "self_check_opened", {{"due_on", ask.given("self_check_due_on")}});
}

void OpenForScreening::run(const Ask& ask, Decision& decision) {
    open(ask, decision, true);
    if (const auto& named = needs::get<NamedIndicators>(ask); !named.is_null())
        decision.facts["red_indicators"] = named.at("codes");
    notify<TownOfficer, TownSupervisor>(decision, "targeted_look", {{"reason", ask.given("reason")}});
}

void KeepSelfCheck::run(const Ask& ask, Decision& decision) {
    const auto& digest = needs::get<DigestOfAnswers>(ask);
    auto& facts = decision.facts;
    facts[self_check_fact] = {{"document", ask.given("answers")}, {"on", ask.today()}};
    for (const auto* key : {"catalogue_version", "expected", "answered", "not_applicable"})
        facts[self_check_fact][key] = part(digest, key);
    facts["warnings"] = part(digest, "warnings");
    facts["red_indicators"] = part(digest, "red_indicators");
    drop_treated_relapses(facts);
    spend_closed(facts);
    notify<TownOfficer, TownSupervisor>(decision, "self_check_submitted");
}

void EnterPool::run(const Ask& ask, Decision& decision) {
    auto& facts = decision.facts;
    facts["category"] = ask.given("category");
    facts["secondary_categories"] = ask.payload.value("secondary_categories", Json::array());
    facts["nominated_on"] = ask.today();
    if (facts.value("monitoring_pool", false) == false) facts["monitoring_pool_on"] = ask.today();
    facts["monitoring_pool"] = true;
    if (!facts.contains("review_since")) facts["review_since"] = ask.today();
    start_review(ask, facts, needs::get<ReviewRequirements>(ask));
    notify<DepartmentReviewer, PanelLeader>(decision, "nominated", {{"category", ask.given("category")}});
}

void AskVillageAgain::run(const Ask& ask, Decision& decision) {
    decision.facts["returns"] = decision.facts.value("returns", 0) + 1;
    notify<VillageOfficer>(decision, "returned_to_village", {{"reason", ask.given("reason")}});
}

// ---- department review --------------------------------------------------------------------------------------------

void KeepVisit::run(const Ask& ask, Decision& decision) {
    const auto kind = visit_of(ask.command);
    decision.facts["visits"][kind] = visits(ask.facts, kind) + 1;
    decision.facts.erase("deferred_on");
}

void KeepOpinion::run(const Ask& ask, Decision& decision) {
    decision.facts["opinions"][ask.given("department")] = {{"opinion", ask.given("opinion")},
                                                           {"text", ask.given("text")},
                                                           {"by", ask.acting_for()},
                                                           {"at", ask.at.micros}};
    decision.facts.erase("deferred_on");
}

void CallCommittee::run(const Ask& ask, Decision& decision) {
    decision.facts["endorsed_on"] = ask.today();
    notify<CommitteeSecretary>(decision, "awaits_ballot");
}

void AskTownAgain::run(const Ask& ask, Decision& decision) {
    decision.facts["returns"] = decision.facts.value("returns", 0) + 1;
    notify<TownOfficer, TownSupervisor>(decision, "returned_to_town", {{"reason", ask.given("reason")}});
}

// ---- ballots ------------------------------------------------------------------------------------------------------

void StartBallot::run(const Ask& ask, Decision& decision) {
    const auto& meeting = needs::get<NamedMeeting>(ask);
    const auto& rules = needs::get<CommitteeRules>(ask);
    engine::ballot::Opening opening;
    opening.number = ask.facts.value("ballots_opened", 0) + 1;
    opening.purpose = purpose_in(ask.state);
    opening.meeting = ask.given("meeting");
    opening.chair = meeting.value("chair", "");
    opening.electorate = needs::get<Electorate>(ask);
    opening.quorum = rules.at("quorum");
    opening.pass = rules.at("pass");
    opening.secret = meeting.value("secret", false);
    opening.at = ask.at;
    decision.facts["ballots_opened"] = opening.number;
    auto& ballot = decision.facts["ballot"] = engine::ballot::open(opening);
    ballot["present"] = meeting.at("present");
    decision.tells.push_back(
        tell<meeting::BallotOpened>(opening.meeting, {{"case_id", ask.case_id}, {"purpose", opening.purpose}}));
    notify_people(decision, "ballot_opened", awaited_votes(ballot));
}

void KeepVote::run(const Ask& ask, Decision& decision) {
    auto& ballot = decision.facts.at("ballot");
    if (engine::ballot::is_secret(ballot))
        engine::ballot::keep_sealed_vote(ballot, ask.acting_for().text);
    else
        engine::ballot::keep_vote(ballot, ask.acting_for().text, ask.given("choice"), ask.given("reason"), ask.at);
}

void KeepRecusal::run(const Ask& ask, Decision& decision) {
    auto& ballot = decision.facts.at("ballot");
    const auto& person = ask.acting_for();
    if (engine::ballot::is_secret(ballot) && engine::ballot::has_voted(ballot, person.text))
        decision.unseal.emplace_back(engine::ballot::box_of(ballot), person);
    engine::ballot::recuse(ballot, person.text, ask.given("reason"), "self");
    notify<CommitteeSecretary>(decision, "member_recused");
}

void NoteAttendance::run(const Ask& ask, Decision& decision) {
    decision.facts.at("ballot")["present"] = ask.payload.at("present");
}

void EndBallot::run(const Ask& ask, Decision& decision) {
    const auto ballot = ballot_to_count(ask.facts, needs::get<InterestedSince>(ask));
    const auto count = counted(ballot, needs::get<Tally>(ask));
    const std::string result{engine::ballot::key_of(count.result)};
    decision.facts["ballots"].push_back(engine::ballot::closed(ballot, count, ask.at));
    decision.facts.erase("ballot");
    tell_result(ask, decision, ballot, result);
    notify<PanelLeader, TownSupervisor, CommitteeSecretary>(decision, "ballot_" + result);
}

void StartManagement::run(const Ask& ask, Decision& decision) {
    decision.facts["managed_on"] = ask.today();
    notify<VillageOfficer, TownOfficer, DistrictCommander>(decision, "managed");
}

void AskForMoreReview::run(const Ask& ask, Decision& decision) {
    decision.facts["deferred_on"] = ask.today();
    notify<DepartmentReviewer>(decision, "review_continues");
}

void StartFollowUp::run(const Ask& ask, Decision& decision) {
    auto& facts = decision.facts;
    const auto voted_on = engine::parse_date(ask.today());
    facts["exit_vote_on"] = ask.today();
    facts["follow_up_until"] =
        engine::to_text(engine::add_years(voted_on.value(), needs::get<FollowUpYears>(ask).get<int>()));
    facts["look_backs"] = Json::array();
    notify<VillageOfficer, TownOfficer, DepartmentReviewer>(decision, "follow_up_started",
                                                            {{"until", facts["follow_up_until"]}});
}

void ResumeManagement::run(const Ask& ask, Decision& decision) {
    decision.facts.erase("exit");
    decision.facts.erase("deferred_on");
    decision.facts["exit_denied_on"] = ask.today();
    notify<VillageOfficer, TownSupervisor>(decision, "exit_denied", {{"reason", ask.given("reason")}});
}

void AskForMoreEvaluation::run(const Ask& ask, Decision& decision) {
    decision.facts["deferred_on"] = ask.today();
    notify<TownOfficer, DepartmentReviewer>(decision, "evaluation_continues");
}

// ---- management ---------------------------------------------------------------------------------------------------

void KeepPlan::run(const Ask& ask, Decision& decision) {
    decision.facts["plan"] = {{"programme", ask.given("programme")},
                              {"measures", ask.given("measures")},
                              {"funds_committed", ask.payload.at("funds_committed")},
                              {"monitoring_cycle_days", ask.payload.at("monitoring_cycle_days")},
                              {"adopted_on", ask.today()}};
    notify<VillageOfficer>(decision, "plan_adopted");
}

void FillPosts::run(const Ask& ask, Decision& decision) {
    for (const auto* post : posts) decision.facts["posts"][post] = ask.given(post);
    notify_people(decision, "post_assigned",
                  {ask.given("commander"), ask.given("supervisor"), ask.given("coordinator")});
}

void ReplacePost::run(const Ask& ask, Decision& decision) {
    decision.facts["posts"][ask.given("post")] = ask.given("person");
    notify_people(decision, "post_assigned", {ask.given("person")});
}

void OpenPrescription::run(const Ask& ask, Decision& decision) {
    const auto id = ask.new_case_id();
    const int number = static_cast<int>(part(ask.facts, "prescriptions").size()) + 1;
    auto& noted = decision.facts["prescriptions"][id];
    noted = {{"state", prescription::Drafted::key}, {"title", prescription_title(number, ask.given("problem"))}};
    for (const auto& [from, to] :
         {std::pair{"source", "source"}, {"deadline_on", "due_on"}, {"responsible_person", "responsible"}})
        if (const auto text = ask.given(from); !text.empty()) noted[to] = text;
    auto draft = ask.payload;
    draft["number"] = number;
    draft["drafted_by"] = ask.acting_for();
    for (const auto* key : {"category", "secondary_categories"}) draft[key] = part(ask.facts, key);
    decision.child = engine::OpenChild{std::string(prescription::workflow_key), std::string(prescription::Draft::key),
                                       std::move(draft)};
}

void NotePrescription::run(const Ask& ask, Decision& decision) {
    auto noted = ask.payload;
    const auto id = noted.at("prescription").get<std::string>();
    noted.erase("prescription");
    decision.facts["prescriptions"][id] = std::move(noted);
}

// ---- exit and follow-up -------------------------------------------------------------------------------------------

void StartExitReview::run(const Ask& ask, Decision& decision) {
    auto& facts = decision.facts;
    facts["exit_attempts"] = facts.value("exit_attempts", 0) + 1;
    facts["exit"] = {{"requested_on", ask.today()},
                     {"requested_by", ask.persons()},
                     {"evaluations", Json::object()},
                     {"opinions", Json::object()}};
    notify<VillageOfficer, TownOfficer, DepartmentReviewer, DistrictCommander, VillageCoordinator, PanelLeader>(
        decision, "exit_requested");
}

void KeepEvaluation::run(const Ask& ask, Decision& decision) {
    Json kept{{"score", ask.payload.at("score")}, {"evidence", ask.payload.at("evidence")}, {"on", ask.today()}};
    if (ask.payload.contains("respondents")) kept["respondents"] = ask.payload.at("respondents");
    decision.facts["exit"]["evaluations"][evaluation_of(ask.command)] = std::move(kept);
    decision.facts.erase("deferred_on");
}

void KeepExitOpinion::run(const Ask& ask, Decision& decision) {
    const auto* post = ask.command == RecordCommanderOpinion::key ? "commander" : "coordinator";
    decision.facts["exit"]["opinions"][post] = {
        {"opinion", ask.given("opinion")}, {"text", ask.given("text")}, {"by", ask.acting_for()}, {"on", ask.today()}};
    decision.facts.erase("deferred_on");
}

void CallExitVote::run(const Ask&, Decision& decision) { notify<CommitteeSecretary>(decision, "awaits_ballot"); }

void KeepLookBack::run(const Ask& ask, Decision& decision) {
    const auto level = ask.given("level").empty() ? look_back_levels(ask).front() : ask.given("level");
    const auto finding = ask.given("finding");
    decision.facts["look_backs"].push_back(
        {{"finding", finding}, {"level", level}, {"on", ask.today()}, {"by", ask.acting_for()}});
    if (finding != "holds") notify<PanelLeader, TownSupervisor>(decision, "look_back_" + finding);
}

void StartReviewAgain::run(const Ask& ask, Decision& decision) {
    auto& facts = decision.facts;
    for (const auto* ended : {"exit", "exit_vote_on", "follow_up_until", "look_backs", "completion_proposed"})
        facts.erase(ended);
    const int number = facts.value("relapses", 0) + 1;
    const auto code = std::string(number < 10 ? "REL-0" : "REL-") + std::to_string(number);
    facts["relapses"] = number;
    spend_closed(facts, code);
    facts["relapse_items"].push_back({{"code", code}, {"problem", ask.given("problem")}, {"on", ask.today()}});
    facts["visits"] = Json::object();
    facts["review_since"] = ask.today();
    start_review(ask, facts, needs::get<ReviewRequirements>(ask));
    notify<DepartmentReviewer, PanelLeader, TownSupervisor>(decision, "relapse_reported",
                                                            {{"problem", ask.given("problem")}});
}

void Propose::run(const Ask& ask, Decision& decision) {
    decision.facts["completion_proposed"] = ask.today();
    notify<PanelLeader>(decision, "completion_proposed");
}

void Graduate::run(const Ask& ask, Decision& decision) {
    decision.facts["graduated_on"] = ask.today();
    notify<VillageOfficer, TownSupervisor, DistrictCommander>(decision, "graduated");
}

// ---- ends ---------------------------------------------------------------------------------------------------------

void EndUnlisted::run(const Ask& ask, Decision& decision) {
    withdraw_prescriptions(ask, decision);
    notify<VillageOfficer, TownSupervisor>(decision, "not_listed", {{"reason", ask.given("reason")}});
}

void EndTerminated::run(const Ask& ask, Decision& decision) {
    withdraw_prescriptions(ask, decision);
    void_open_ballot(ask, decision);
    notify<VillageOfficer, TownOfficer, TownSupervisor>(decision, "terminated");
}

} // namespace cunmai::workflows::village
