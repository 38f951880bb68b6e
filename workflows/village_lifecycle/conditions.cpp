#include "workflows/village_lifecycle/conditions.hpp"

#include "workflows/committee_meeting/states.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/facts.hpp"

#include <algorithm>

namespace cunmai::workflows::village {

namespace ballot = engine::ballot;

namespace {

// Adds a reason that names the codes in one of the digest's lists, unless the list is empty.
void name_all(Refusal& why, const Json& digest, const char* list, const char* code) {
    const auto& codes = part(digest, list);
    if (codes.is_array() && !codes.empty()) why.add_for("answers", code, {{"count", codes.size()}, {"codes", codes}});
}

const Json& open_ballot(const Ask& ask) { return part(ask.facts, "ballot"); }

// REQUIRES: an open ballot.
template <class Declared> ballot::Result counted_now(const Ask& ask) {
    const auto ballot = ballot_to_count(ask.facts, Declared::template get<InterestedSince>(ask));
    return counted(ballot, Declared::template get<Tally>(ask)).result;
}

// Without an open ballot every branch applies, so that the refusal comes from BallotIsOpen.
template <class Declared> bool comes_out_as(const Ask& ask, ballot::Result result) {
    if (!has_open_ballot(ask.facts)) return true;
    return counted_now<Declared>(ask) == result;
}

void check_post(const Ask& ask, Refusal& why, std::string_view post) {
    if (part(part(ask.facts, "posts"), post) != ask.acting_for().text) why.add("not_the_assigned", {{"post", post}});
}

void check_meeting(Refusal& why, const Json& meeting) {
    if (part(meeting, "found") != true)
        why.add_for("meeting", "meeting_not_found");
    else if (part(meeting, "state") != meeting::InSession::key)
        why.add_for("meeting", "meeting_not_in_session");
    else if (part(meeting, "on_agenda") != true)
        why.add_for("meeting", "not_on_agenda");
}

} // namespace

// ---- self-check and nomination ------------------------------------------------------------------------------------

bool IndicatorsKnown::holds(const Ask& ask, Refusal& why) {
    const auto& unknown = part(needs::get<NamedIndicators>(ask), "unknown");
    if (!unknown.empty()) why.add_for("indicators", "indicators_unknown", {{"codes", unknown}});
    return why.empty();
}

bool RoundIsOpen::holds(const Ask& ask, Refusal& why) {
    if (needs::get<RoundStillOpen>(ask) == false) why.add("round_not_open");
    return why.empty();
}

bool AnswersComplete::holds(const Ask& ask, Refusal& why) {
    const auto& digest = needs::get<DigestOfAnswers>(ask);
    if (digest.is_null()) return why.empty(); // the document does not exist, which DocumentsExist reports
    if (digest.contains("unreadable")) why.add_for("answers", "answers_unreadable");
    if (digest.contains("other_version"))
        why.add_for("answers", "catalogue_changed",
                    {{"given", digest.at("other_version")}, {"in_force", digest.at("catalogue_version")}});
    name_all(why, digest, "missing", "answers_missing");
    name_all(why, digest, "without_reason", "answers_without_reason");
    name_all(why, digest, "without_evidence", "answers_without_evidence");
    name_all(why, digest, "out_of_range", "answers_out_of_range");
    name_all(why, digest, "unknown", "answers_to_unknown");
    name_all(why, digest, "evidence_unknown", "answers_evidence_unknown");
    return why.empty();
}

bool CategoriesDiffer::holds(const Ask& ask, Refusal& why) {
    for (const auto& secondary : part(ask.payload, "secondary_categories"))
        if (secondary == ask.given("category"))
            why.add_for("secondary_categories", "secondary_repeats_primary", {{"category", secondary}});
    return why.empty();
}

// ---- department review --------------------------------------------------------------------------------------------

bool HasHappened::holds(const Ask& ask, Refusal& why) {
    if (ask.given("held_on") > ask.today()) why.add_for("held_on", "date_in_future", {{"today", ask.today()}});
    if (const auto& since = part(ask.facts, "review_since"); since.is_string() && ask.given("held_on") < since)
        why.add_for("held_on", "date_before_review", {{"since", since}});
    return why.empty();
}

bool DepartmentIsTheirs::holds(const Ask& ask, Refusal& why) {
    const auto department = ask.given("department");
    if (!ask.has_qualifier(DepartmentReviewer::key, department))
        why.add_for("department", "not_your_department", {{"department", department}});
    return why.empty();
}

bool AllOpinionsSigned::holds(const Ask& ask, Refusal& why) {
    const auto& required = needs::get<ReviewRequirements>(ask);
    for (const auto& department : unsigned_departments(ask.facts, required.at("departments")))
        why.add("opinion_missing", {{"department", department}});
    for (const auto& [department, opinion] : part(ask.facts, "opinions").items())
        if (opinion.at("opinion") == "needs_work") why.add("opinion_needs_work", {{"department", department}});
    return why.empty();
}

bool VillageWasVisited::holds(const Ask& ask, Refusal& why) {
    const auto& required = needs::get<ReviewRequirements>(ask);
    const auto check = [&](const char* kind, std::string_view code) {
        const int have = visits(ask.facts, kind);
        const auto& needed = required.at(kind);
        if (have < needed.get<int>()) why.add(code, {{"have", have}, {"needed", needed}});
    };
    check("interviews", "interviews_missing");
    check("courtyard_meetings", "courtyard_meetings_missing");
    return why.empty();
}

bool WasSupplemented::holds(const Ask& ask, Refusal& why) {
    if (const auto& on = part(ask.facts, "deferred_on"); on.is_string()) why.add("not_supplemented", {{"on", on}});
    return why.empty();
}

bool NotTheNominator::holds(const Ask& ask, Refusal& why) {
    if (ask.is_one_of(part(ask.facts, "nominated_by"))) why.add("own_nomination");
    return why.empty();
}

// ---- ballots ------------------------------------------------------------------------------------------------------

bool NoBallotOpen::holds(const Ask& ask, Refusal& why) {
    if (has_open_ballot(ask.facts)) why.add("ballot_already_open");
    return why.empty();
}

bool MeetingIsReady::holds(const Ask& ask, Refusal& why) {
    check_meeting(why, needs::get<NamedMeeting>(ask));
    return why.empty();
}

bool CommitteeHasMembers::holds(const Ask& ask, Refusal& why) {
    if (needs::get<Electorate>(ask).empty()) why.add("committee_empty");
    return why.empty();
}

bool BallotIsOpen::holds(const Ask& ask, Refusal& why) {
    if (!has_open_ballot(ask.facts)) why.add("ballot_not_open");
    return why.empty();
}

bool MayVote::holds(const Ask& ask, Refusal& why) {
    if (!has_open_ballot(ask.facts)) return why.empty(); // BallotIsOpen says so
    const auto& person = ask.acting_for().text;
    const auto recusal = ballot::recusal_of(open_ballot(ask), person);
    const auto& interest = needs::get<VotersInterest>(ask);
    const auto& present = part(open_ballot(ask), "present");
    if (!ballot::in_electorate(open_ballot(ask), person))
        why.add("not_in_electorate");
    else if (recusal.is_object())
        why.add("recused");
    else if (!interest.is_null())
        why.add("interest_in_village", {{"interest", interest}});
    else if (std::find(present.begin(), present.end(), person) == present.end())
        why.add("not_present");
    return why.empty();
}

bool VotesAreIn::holds(const Ask& ask, Refusal& why) {
    if (!has_open_ballot(ask.facts)) return why.empty(); // BallotIsOpen says so
    const auto& awaited = needs::get<AwaitedVotes>(ask);
    if (awaited.empty() || counted_now<needs>(ask) == ballot::Result::no_quorum) return why.empty();
    Json facts{{"count", awaited.size()}};
    if (!ballot::is_secret(open_ballot(ask))) facts["people"] = awaited;
    why.add("votes_outstanding", std::move(facts));
    return why.empty();
}

bool VoteIsComplete::holds(const Ask& ask, Refusal& why) {
    if (!has_open_ballot(ask.facts)) return why.empty(); // BallotIsOpen says so
    const auto choice = ask.given("choice");
    const auto given_reason = ask.given("reason");
    if (ballot::is_secret(open_ballot(ask))) {
        if (!choice.empty())
            why.add_for("choice", "vote_not_sealed");
        else if (!ask.was_sealed())
            why.add_for("choice", "missing", {{"field", "choice"}});
        if (!given_reason.empty()) why.add_for("reason", "reason_reveals_vote");
        return why.empty();
    }
    if (choice.empty()) why.add_for("choice", "missing", {{"field", "choice"}});
    const bool needs_reason = choice == "reject" || choice == "abstain";
    if (needs_reason && given_reason.find_first_not_of(" \t\r\n") == std::string::npos)
        why.add_for("reason", "vote_reason_missing", {{"choice", choice}});
    return why.empty();
}

bool MayRecuse::holds(const Ask& ask, Refusal& why) {
    if (!has_open_ballot(ask.facts)) return why.empty();
    const auto& person = ask.acting_for().text;
    if (!ballot::in_electorate(open_ballot(ask), person))
        why.add("not_in_electorate");
    else if (ballot::recusal_of(open_ballot(ask), person).is_object())
        why.add("already_recused");
    return why.empty();
}

bool BallotPassed::holds(const Ask& ask) { return comes_out_as<needs>(ask, ballot::Result::passed); }
bool BallotRejected::holds(const Ask& ask) { return comes_out_as<needs>(ask, ballot::Result::rejected); }
bool BallotDeferred::holds(const Ask& ask) { return comes_out_as<needs>(ask, ballot::Result::deferred); }
bool BallotLacksQuorum::holds(const Ask& ask) {
    return comes_out_as<needs>(ask, ballot::Result::no_quorum) || comes_out_as<needs>(ask, ballot::Result::votes_lost);
}

// ---- management ---------------------------------------------------------------------------------------------------

bool PlanKeepsItsWord::holds(const Ask& ask, Refusal& why) {
    const auto& plan = part(ask.facts, "plan");
    if (!plan.is_object()) return why.empty();
    const auto compare = [&](const char* key, const char* code, bool may_grow) {
        const auto& committed = plan.at(key);
        const auto& given = part(ask.payload, key);
        const double before = committed.get<double>(), now = given.get<double>();
        const bool worse = may_grow ? now < before : now > before;
        if (worse) why.add_for(key, code, {{"committed", committed}, {"given", given}});
    };
    compare("funds_committed", "funds_lowered", true);
    compare("monitoring_cycle_days", "monitoring_lengthened", false);
    return why.empty();
}

bool AssigneesFit::holds(const Ask& ask, Refusal& why) {
    const auto& fits = needs::get<AssigneesFitness>(ask);
    const auto check = [&](const char* what, const char* code) {
        const std::string_view post = what == std::string_view("coordinator_kind") ? "coordinator" : what;
        if (part(fits, what) == false) why.add_for(ask.command == Assign::key ? post : "person", code);
    };
    check("commander", "not_a_district_commander");
    check("supervisor", "not_a_town_supervisor");
    check("coordinator", "not_a_village_coordinator");
    check("coordinator_kind", "coordinator_of_another_kind");
    return why.empty();
}

bool PostsAreFilled::holds(const Ask& ask, Refusal& why) {
    for (const auto& post : unfilled_posts(ask.facts)) why.add("post_unassigned", {{"post", post}});
    return why.empty();
}

bool PostStaysFilled::holds(const Ask& ask, Refusal& why) {
    if (ask.given("person").empty()) why.add_for("person", "post_would_be_empty", {{"post", ask.given("post")}});
    return why.empty();
}

bool PlanIsAdopted::holds(const Ask& ask, Refusal& why) {
    if (!part(ask.facts, "plan").is_object()) why.add("plan_missing");
    return why.empty();
}

bool PrescriptionsAreClosed::holds(const Ask& ask, Refusal& why) {
    const auto open = open_prescriptions(ask.facts);
    auto titles = Json::array();
    for (const auto& id : open)
        if (titles.size() < 5) titles.push_back(ask.facts.at("prescriptions").at(id).value("title", ""));
    if (!open.empty()) why.add("prescriptions_open", {{"count", open.size()}, {"cases", open}, {"titles", titles}});
    return why.empty();
}

bool NoRedWarning::holds(const Ask& ask, Refusal& why) {
    const auto warnings = red_warnings(ask.facts);
    if (!warnings.empty()) why.add("red_warnings_open", {{"count", warnings.size()}, {"warnings", warnings}});
    return why.empty();
}

// ---- exit and follow-up -------------------------------------------------------------------------------------------

bool IsTheCommander::holds(const Ask& ask, Refusal& why) {
    check_post(ask, why, "commander");
    return why.empty();
}

bool IsTheCoordinator::holds(const Ask& ask, Refusal& why) {
    check_post(ask, why, "coordinator");
    return why.empty();
}

bool NotWhoRequested::holds(const Ask& ask, Refusal& why) {
    if (ask.is_one_of(part(part(ask.facts, "exit"), "requested_by"))) why.add("own_exit_request");
    return why.empty();
}

bool ExitIsEvaluated::holds(const Ask& ask, Refusal& why) {
    for (const auto& evaluation : missing_evaluations(ask.facts))
        why.add("evaluation_missing", {{"evaluation", evaluation}});
    for (const auto& post : missing_exit_opinions(ask.facts)) why.add("exit_opinion_missing", {{"post", post}});
    const auto& scores_needed = needs::get<ExitScoreMin>(ask);
    const int respondents_needed = needs::get<ExitRespondentsMin>(ask).get<int>();
    for (const auto& [evaluation, given] : part(part(ask.facts, "exit"), "evaluations").items()) {
        const auto& needed = scores_needed.at(evaluation);
        if (given.at("score").get<double>() < needed.get<double>())
            why.add("score_below_threshold",
                    {{"evaluation", evaluation}, {"score", given.at("score")}, {"needed", needed}});
        if (given.contains("respondents") && given.at("respondents").get<int>() < respondents_needed)
            why.add("respondents_too_few", {{"have", given.at("respondents")}, {"needed", respondents_needed}});
    }
    return why.empty();
}

bool LevelIsTheirs::holds(const Ask& ask, Refusal& why) {
    const auto levels = look_back_levels(ask);
    const auto level = ask.given("level");
    if (level.empty() && levels.size() > 1)
        why.add_for("level", "missing", {{"field", "level"}});
    else if (!level.empty() && std::find(levels.begin(), levels.end(), level) == levels.end())
        why.add_for("level", "not_your_level", {{"level", level}});
    return why.empty();
}

bool YearIsOver::holds(const Ask& ask, Refusal& why) {
    const auto until = ask.facts.value("follow_up_until", "");
    if (until.empty() || ask.today() < until) why.add("year_not_over", {{"until", until}});
    return why.empty();
}

bool LookBacksHold::holds(const Ask& ask, Refusal& why) {
    for (const auto* level : {"town", "district"})
        if (!look_back_holds(ask.facts, level)) why.add("look_back_missing", {{"level", level}});
    const auto* bad = last_bad_look_back(ask.facts);
    if (bad && !why.empty()) why.add("look_back_not_holding", {{"finding", bad->at("finding")}, {"on", bad->at("on")}});
    return why.empty();
}

} // namespace cunmai::workflows::village
