#include "workflows/committee_meeting/presentation.hpp"

#include "workflows/committee_meeting/commands.hpp"
#include "workflows/committee_meeting/committee_meeting.hpp"
#include "workflows/committee_meeting/states.hpp"
#include "workflows/roles.hpp"
#include "workflows/special_pages.hpp"
#include "workflows/village_lifecycle/states.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

namespace cunmai::workflows::meeting {

using namespace engine;

namespace {

Presentation made() {
    const Keys committee{CommitteeChair::key, CommitteeMember::key};
    Presentation shown;
    shown.main_line = {Convened::key, InSession::key, Closed::key};
    shown.tones = {{Closed::key, Tone::done}};
    shown.list_title = "page.nav.meetings";
    shown.listed_for = {CommitteeSecretary::key, CommitteeMember::key, CommitteeChair::key, PanelLeader::key,
                        Auditor::key};
    shown.columns = {Column::title(), Column::number(), Column::state(), Column::due(), Column::updated()};
    shown.offered = {
        {.field = "chair", .roles = committee},
        {.field = "attendance", .roles = committee},
        {.field = "agenda",
         .cases_of = village::workflow_key,
         .states = {village::CommitteeApproval::key, village::ExitApproval::key}},
    };
    shown.filled = {{.command = SetAgenda::key},
                    {.command = RecordAttendance::key, .from = "/present", .field = "attendance"}};
    shown.mends = {
        {.reason = "ballot_still_open", .link = Link::to_list(meeting::workflow_key), .link_text = "page.go.meetings"}};
    shown.opens_at = "district";
    shown.opening_text = "page.meetings.convene";
    shown.case_page = special_pages::meeting;
    shown.list_page = special_pages::meetings;
    return shown;
}

} // namespace

const Presentation& presentation() {
    static const auto shown = made();
    return shown;
}

} // namespace cunmai::workflows::meeting
