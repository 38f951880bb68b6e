#include "workflows/village_lifecycle/presentation.hpp"

#include "workflows/committee_meeting/committee_meeting.hpp"
#include "workflows/prescription/prescription.hpp"
#include "workflows/roles.hpp"
#include "workflows/screening_round/steps.hpp"
#include "workflows/special_pages.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/states.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

#include <algorithm>

namespace cunmai::workflows::village {

using namespace engine;

namespace {

// Parts of sections_of().
constexpr std::string_view review = "review", plan = "plan", exit = "exit", look_backs = "look_backs",
                           warnings = "warnings", ballot = "ballot";

std::vector<Basis> bases() {
    const Keys visits{RecordInterview::key, RecordCourtyardMeeting::key, RecordConsultation::key};
    const Keys proposals{Nominate::key, ReportRelapse::key};
    const Keys ballots{OpenBallot::key, CastVote::key, Recuse::key, CloseBallot::key};
    const Keys evaluating{RecordSelfEvaluation::key,     RecordPublicEvaluation::key, RecordTownAssessment::key,
                          RecordDistrictAssessment::key, RecordCommanderOpinion::key, RecordCoordinatorOpinion::key};
    // clang-format off
    return {
        {.states = {TownScreening::key}, .commands = {Nominate::key, ReturnToVillage::key, Decline::key},
         .sections = {main_section}, .starts = {SubmitSelfCheck::key, OpenTargeted::key}, .entries = {ReturnToTown::key}},
        {.states = {DepartmentReview::key}, .commands = {SignOpinion::key, Endorse::key, ReturnToTown::key, Decline::key},
         .sections = {review}, .starts = proposals, .entries = visits},
        {.states = {CommitteeApproval::key}, .commands = ballots, .sections = {ballot, review}, .starts = proposals},
        {.commands = {IssuePrescription::key, RequestExit::key}, .sections = {warnings, plan}},
        {.states = {ExitReview::key}, .commands = {RecordCommanderOpinion::key, RecordCoordinatorOpinion::key},
         .sections = {plan, exit}, .starts = {RequestExit::key}, .entries = evaluating},
        {.states = {ExitReview::key}, .commands = {EndorseExit::key, DenyExit::key},
         .sections = {exit}, .starts = {RequestExit::key}, .entries = evaluating},
        {.states = {ExitApproval::key}, .commands = ballots, .sections = {ballot, exit}, .starts = {RequestExit::key}},
        {.states = {FollowUp::key}, .commands = {RecordLookBack::key, ReportRelapse::key, CompleteFollowUp::key},
         .sections = {plan, look_backs}, .entries = {RecordLookBack::key}},
    };
    // clang-format on
}

std::vector<Mend> mends() {
    const auto list_of_meetings = Link::to_list(meeting::workflow_key);
    // clang-format off
    return {
        {.reason = "opinion_missing", .command = SignOpinion::key},
        {.reason = "opinion_needs_work", .command = SignOpinion::key},
        {.reason = "interviews_missing", .command = RecordInterview::key},
        {.reason = "courtyard_meetings_missing", .command = RecordCourtyardMeeting::key},
        {.reason = "not_supplemented", .command = RecordInterview::key},
        {.reason = "ballot_not_open", .command = OpenBallot::key},
        {.reason = "ballot_already_open", .command = CloseBallot::key},
        {.reason = "interest_in_village", .command = Recuse::key},
        {.reason = "plan_missing", .command = AdoptPlan::key},
        {.reason = "post_unassigned", .command = Assign::key},
        {.reason = "look_back_missing", .command = RecordLookBack::key},
        {.reason = "look_back_not_holding", .command = RecordLookBack::key},
        {.reason = "exit_opinion_missing", .command = RecordCommanderOpinion::key, .fact = "post", .value = "commander"},
        {.reason = "exit_opinion_missing", .command = RecordCoordinatorOpinion::key, .fact = "post", .value = "coordinator"},
        {.reason = "evaluation_missing", .command = RecordSelfEvaluation::key, .fact = "evaluation", .value = "self"},
        {.reason = "evaluation_missing", .command = RecordPublicEvaluation::key, .fact = "evaluation", .value = "public"},
        {.reason = "evaluation_missing", .command = RecordTownAssessment::key, .fact = "evaluation", .value = "town"},
        {.reason = "evaluation_missing", .command = RecordDistrictAssessment::key, .fact = "evaluation", .value = "district"},
        {.reason = "score_below_threshold", .command = RecordSelfEvaluation::key, .fact = "evaluation", .value = "self"},
        {.reason = "score_below_threshold", .command = RecordPublicEvaluation::key, .fact = "evaluation", .value = "public"},
        {.reason = "score_below_threshold", .command = RecordTownAssessment::key, .fact = "evaluation", .value = "town"},
        {.reason = "score_below_threshold", .command = RecordDistrictAssessment::key, .fact = "evaluation", .value = "district"},
        {.reason = "respondents_too_few", .command = RecordPublicEvaluation::key},
        {.reason = "prescriptions_open", .link = Link::to_list_here(prescription::workflow_key), .link_text = "page.go.prescriptions"},
        {.reason = "red_warnings_open", .link = Link::to_page(special_pages::self_check_answers), .link_text = "page.go.answers"},
        {.reason = "not_on_agenda", .link = list_of_meetings, .link_text = "page.go.meetings"},
        {.reason = "meeting_not_in_session", .link = list_of_meetings, .link_text = "page.go.meetings"},
        {.reason = "not_present", .link = list_of_meetings, .link_text = "page.go.meetings"},
        {.reason = "votes_outstanding", .link = list_of_meetings, .link_text = "page.go.meetings"},
    };
    // clang-format on
}

Presentation made() {
    Presentation shown;
    shown.main_line = {SelfCheck::key,  TownScreening::key, DepartmentReview::key, CommitteeApproval::key, Managed::key,
                       ExitReview::key, ExitApproval::key,  FollowUp::key,         Graduated::key};
    shown.tones = {
        {CommitteeApproval::key, Tone::waiting}, {ExitApproval::key, Tone::waiting}, {Graduated::key, Tone::done}};
    shown.columns = {Column::title(),    Column::number(), Column::state(),
                     Column::category(), Column::due(),    Column::updated()};
    shown.home_by_state = "page.home.states";
    for (const auto& category : categories()) shown.categories.push_back(category);
    shown.coloured = true;
    shown.bases = bases();
    shown.questions = {
        {"screening", {TownScreening::key}, {Nominate::key, ReturnToVillage::key, Decline::key}},
        {"review", {DepartmentReview::key}, {Endorse::key, ReturnToTown::key, Decline::key}},
        {"exit", {ExitReview::key}, {EndorseExit::key, DenyExit::key}},
    };
    shown.grave = {Terminate::key, CloseBallot::key};
    shown.offered = {
        {.field = "commander", .roles = {DistrictCommander::key}},
        {.field = "supervisor", .roles = {TownSupervisor::key}},
        {.field = "coordinator", .roles = {VillageCoordinator::key}},
        {.field = "person", .roles = {DistrictCommander::key, TownSupervisor::key, VillageCoordinator::key}},
        {.field = "responsible_person", .roles = {VillageOfficer::key, TownOfficer::key}},
        {.field = "meeting", .cases_of = meeting::workflow_key, .here = false},
    };
    shown.filled = {{.command = AdoptPlan::key, .from = "/plan"}, {.command = Assign::key, .from = "/posts"}};
    shown.asked = {{CastVote::key, {"choice"}}, {ReplaceAssignee::key, {"person"}}};
    shown.mends = mends();
    shown.children = {{.definition = prescription::workflow_key,
                       .heading = "page.case.prescriptions",
                       .none = "page.case.no_prescriptions",
                       .ended = "page.case.closed_prescriptions",
                       .to_list = "page.case.to_board"}};
    shown.ballots = Ballots{.open = OpenBallot::key,
                            .vote = CastVote::key,
                            .recuse = Recuse::key,
                            .close = CloseBallot::key,
                            .section = ballot};
    shown.opens_at = "village";
    shown.opening_text = "page.home.open_targeted";
    shown.command_pages = {{SubmitSelfCheck::key, special_pages::self_check_form}};
    shown.tabs = {{special_pages::self_check_answers, "page.tab.answers"}};
    return shown;
}

// ---- what is read from the facts --------------------------------------------------------------------------------

Shown text_in(const Json& facts, std::string_view key) { return Shown::text(part(facts, key)); }
Shown date_in(const Json& facts, std::string_view key) { return Shown::date(part(facts, key)); }

class Section {
  public:
    Section(std::string_view key, std::string_view heading) {
        section_.key = key;
        section_.heading = heading;
    }
    void add(Shown label, Shown value, Link link = {}) {
        if (!value.empty()) section_.rows.push_back({std::move(label), std::move(value), std::move(link)});
    }
    void add(std::string_view message, Shown value, Link link = {}) {
        add(Shown::sentence(message), std::move(value), std::move(link));
    }
    void fact(const Json& facts, std::string_view key) { add(Shown::field(key), text_in(facts, key)); }
    ShownSection take(bool on_page = true) {
        section_.on_page = on_page;
        return std::move(section_);
    }

  private:
    ShownSection section_;
};

void put_category(Section& rows, const Json& facts) {
    const auto category = Shown::word("category", part(facts, "category"));
    if (category.empty()) return;
    const auto secondary = Shown::words("category", part(facts, "secondary_categories"));
    rows.add(Shown::field("category"),
             secondary.empty()
                 ? category
                 : Shown::sentence("page.case.categories", {{"category", category}, {"categories", secondary}}));
}

ShownSection summary_section(const Json& facts) {
    Section rows(main_section, "page.case.summary");
    put_category(rows, facts);
    if (part(facts, "targeted") == true) rows.add("page.case.how_opened", Shown::sentence("page.case.targeted"));
    if (const auto& round = part(facts, "round"); round.is_string() && round != "")
        rows.add("page.case.round", Shown::sentence("page.case.open_round"),
                 Link::to_list(village::workflow_key, {{"round", round.get<std::string>()}}));
    for (const auto& step : round_steps) rows.fact(part(facts, "due"), step.due_field);
    if (const auto& check = part(facts, self_check_fact); check.is_object()) {
        const auto& red_or_yellow = part(facts, "warnings");
        rows.add("page.case.self_check",
                 Shown::sentence("page.case.self_check_counts", {{"answered", text_in(check, "answered")},
                                                                 {"not_applicable", text_in(check, "not_applicable")},
                                                                 {"expected", text_in(check, "expected")},
                                                                 {"yellow", text_in(red_or_yellow, "yellow")},
                                                                 {"red", text_in(red_or_yellow, "red")}}),
                 Link::to_page(special_pages::self_check_answers));
    }
    if (part(facts, "monitoring_pool") == true)
        rows.add("page.case.monitoring_pool",
                 Shown::sentence("page.case.since", {{"date", date_in(facts, "monitoring_pool_on")}}));
    rows.add("page.case.managed_on", date_in(facts, "managed_on"));
    rows.add("page.case.exit_vote_on", date_in(facts, "exit_vote_on"));
    rows.add("page.case.follow_up_until", date_in(facts, "follow_up_until"));
    rows.add("page.case.relapses", text_in(facts, "relapses"));
    return rows.take();
}

Shown opinion_in(const Json& opinion) {
    return Shown::sentence("page.case.opinion", {{"opinion", Shown::choice("opinion", part(opinion, "opinion"))},
                                                 {"name", Shown::person(part(opinion, "by"))},
                                                 {"text", text_in(opinion, "text")}});
}

ShownSection review_section(const Json& facts) {
    Section rows(review, "page.case.review");
    for (const auto& [department, opinion] : part(facts, "opinions").items())
        rows.add(Shown::word("department", department), opinion_in(opinion));
    for (const auto& [kind, times] : part(facts, "visits").items())
        rows.add("page.case.visits_" + kind, Shown::text(times));
    return rows.take();
}

ShownSection plan_section(const Json& facts) {
    Section rows(plan, "page.case.plan");
    for (const auto* post : posts) rows.add(Shown::field(post), Shown::person(part(part(facts, "posts"), post)));
    const auto& adopted = part(facts, "plan");
    for (const auto* key : {"programme", "measures", "funds_committed", "monitoring_cycle_days"})
        rows.fact(adopted, key);
    rows.add("page.case.plan_adopted_on", date_in(adopted, "adopted_on"));
    return rows.take();
}

ShownSection exit_section(const Json& facts) {
    Section rows(exit, "page.case.exit");
    const auto& leaving = part(facts, "exit");
    rows.add("page.case.exit_requested_on", date_in(leaving, "requested_on"));
    for (const auto* kind : evaluations)
        if (const auto& evaluation = part(part(leaving, "evaluations"), kind); evaluation.is_object()) {
            const auto respondents = text_in(evaluation, "respondents");
            const auto score = text_in(evaluation, "score");
            rows.add(Shown::word("evaluation", kind),
                     respondents.empty()
                         ? Shown::sentence("page.case.score", {{"score", score}})
                         : Shown::sentence("page.case.score_of", {{"score", score}, {"respondents", respondents}}));
        }
    for (const auto& [post, opinion] : part(leaving, "opinions").items())
        rows.add(Shown::sentence("page.case.exit_opinion", {{"post", Shown::word("post", post)}}), opinion_in(opinion));
    return rows.take();
}

ShownSection look_back_section(const Json& facts) {
    Section rows(look_backs, "page.case.look_backs");
    for (const auto& look : part(facts, "look_backs"))
        rows.add(date_in(look, "on"),
                 Shown::sentence("page.case.look_back", {{"level", Shown::word("level", part(look, "level"))},
                                                         {"finding", Shown::choice("finding", part(look, "finding"))},
                                                         {"name", Shown::person(part(look, "by"))}}));
    return rows.take();
}

// What is red, by the codes that a prescription names as its source.
ShownSection warning_section(const Json& facts, const RuleLookup& rules) {
    Section rows(warnings, "page.case.red_warnings");
    const auto& red = part(facts, "red_indicators");
    const auto catalogue = red.empty() ? Json() : rules("catalogue");
    for (const auto& indicator : part(catalogue, "indicators"))
        if (std::find(red.begin(), red.end(), indicator.at("code")) != red.end())
            rows.add(Shown::text(indicator.at("code")), Shown::names(indicator.at("name")),
                     Link::to_page(special_pages::self_check_answers));
    for (const auto& item : part(facts, "relapse_items")) rows.add(text_in(item, "code"), text_in(item, "problem"));
    return rows.take(false);
}

// What is voted on, and how.
ShownSection ballot_section(const CaseView& view) {
    Section rows(ballot, "page.case.ballots");
    if (view.state != CommitteeApproval::key && view.state != ExitApproval::key) return rows.take(false);
    rows.add(Shown::field("purpose"), Shown::word("purpose", purpose_in(view.state)));
    if (const auto& open = part(view.facts, "ballot"); open.is_object())
        rows.add("page.meeting.kind",
                 Shown::sentence(engine::ballot::is_secret(open) ? "page.meeting.secret" : "page.meeting.named"));
    return rows.take(false);
}

} // namespace

const Presentation& presentation() {
    static const auto shown = made();
    return shown;
}

std::vector<ShownSection> sections_of(const CaseView& view, const RuleLookup& rules) {
    return {warning_section(view.facts, rules), ballot_section(view),     summary_section(view.facts),
            review_section(view.facts),         plan_section(view.facts), exit_section(view.facts),
            look_back_section(view.facts)};
}

// What a prescription tells its village's case, in one line.
std::optional<std::vector<ShownRow>> told_by(std::string_view command, const Json& payload) {
    if (command != PrescriptionChanged::key) return std::nullopt;
    return {{{text_in(payload, "title"), Shown::state(prescription::workflow_key, part(payload, "state"))}}};
}

} // namespace cunmai::workflows::village
