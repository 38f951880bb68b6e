// How the leave request looks: which of its facts stand under which heading, its list, and that "grant" and "refuse"
// are the two answers to one question. All of it is data; the pages know nothing of leave.
#include "docs/examples/leave_request.hpp"

namespace cunmai::examples {
namespace {
using namespace engine;

Presentation made() {
    Presentation shown;
    shown.main_line = {"requested", "granted"};
    shown.tones = {{"requested", Tone::waiting}, {"granted", Tone::done}};
    shown.list_title = "list.leave_request";
    shown.listed_for = {"employee", "superior"};
    shown.columns = {Column::title(), Column::of_fact("applicant"), Column::of_fact("from_on"),
                     Column::of_fact("until_on"), Column::state()};
    shown.counts = {{.state = "requested"}, {.state = "granted"}, {.state = "refused"}};
    shown.home = {{.state = "requested", .message = "home.leave_request.requested"}};
    shown.bases = {{.commands = {"grant", "refuse"}, .sections = {"absence"}, .starts = {"request_leave"}}};
    shown.questions = {{.key = "answer", .answers = {"grant", "refuse"}}};
    shown.grave = {"withdraw"};
    shown.mends = {{.reason = "own_request", .command = "withdraw"}};
    shown.opens_at = "village"; // level of the place: where the person works
    shown.opening_text = "command.leave_request.request_leave";
    return shown;
}
} // namespace

const Presentation& leave_presentation() {
    static const auto shown = made();
    return shown;
}

std::vector<ShownSection> leave_facts(const CaseView& view) {
    const auto fact = [&](const char* key) { return view.facts.value(key, Json()); };
    return {{.key = std::string(main_section),
             .heading = "page.case.summary",
             .rows = {{Shown::word("relation", "applicant"), Shown::person(fact("applicant"))}}},
            {.key = "absence",
             .heading = "section.leave_request.absence",
             .rows = {{Shown::field("from_on"), Shown::date(fact("from_on"))},
                      {Shown::field("until_on"), Shown::date(fact("until_on"))},
                      {Shown::field("reason"), Shown::text(fact("reason"))}}}};
}

std::vector<RoleInfo> leave_roles() {
    return {{"employee", RoleInfo::Kind::acts, "village"}, {"superior", RoleInfo::Kind::acts, "town"}};
}
} // namespace cunmai::examples
