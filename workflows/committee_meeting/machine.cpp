// One meeting of the committee. Read a row as: in <state>, on <command>, go to <state>, given by <who>, do <actions>,
// provided <conditions>.
// - Who is present counts for the quorum of the ballots held in it.
// - It closes only when none of its ballots is open.
#include "engine/machine.hpp"
#include "workflows/committee_meeting/commands.hpp"
#include "workflows/committee_meeting/committee_meeting.hpp"
#include "workflows/committee_meeting/presentation.hpp"
#include "workflows/committee_meeting/rules.hpp"
#include "workflows/committee_meeting/states.hpp"
#include "workflows/common/conditions.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/roles.hpp"

namespace cunmai::workflows {
namespace meeting {
namespace {

using engine::By;
using engine::Do;
using engine::If;
using engine::NotOpened;
using engine::Row;
using engine::Stays;
using engine::Table;
using Secretary = By<CommitteeSecretary>;
using TheEngine = By<engine::Engine>;

struct CommitteeMeeting {
    static constexpr std::string_view key = workflow_key;
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    // clang-format off
    using transition_table = Table<
//   in        , on               , go to     , given by  , do                 , provided
Row< NotOpened , Convene          , Convened  , Secretary , Do<KeepMeeting>    , If<PlaceIsDistrict, ChairFits, AgendaFits>      >,

Row< Convened  , SetAgenda        , Stays     , Secretary , Do<KeepAgenda>     , If<AgendaFits>                                  >,
Row< Convened  , StartSession     , InSession , Secretary , Do<KeepAttendance> , If<AttendanceFits>                              >,
Row< Convened  , CancelMeeting    , Cancelled , Secretary , Do<TellCancelled>                                                    >,

Row< InSession , SetAgenda        , Stays     , Secretary , Do<KeepAgenda>     , If<AgendaFits, AgendaKeepsOpenBallots>          >,
Row< InSession , RecordAttendance , Stays     , Secretary , Do<KeepAttendance> , If<AttendanceFits>                              >,
Row< InSession , BallotOpened     , Stays     , TheEngine , Do<NoteOpenBallot>                                                   >,
Row< InSession , BallotClosed     , Stays     , TheEngine , Do<NoteResult>                                                       >,
Row< InSession , CloseMeeting     , Closed    , Secretary , Do<NoteEnd>        , If<DocumentsExist, NoBallotIsOpen>              >
    >;
    // clang-format on
};

class MeetingDefinition final : public engine::MachineDefinition<CommitteeMeeting> {
    std::vector<engine::Task> tasks(const engine::CaseView& view) const override {
        const auto on = view.facts.value("meeting_on", "");
        if (view.state == Convened::key) return {task<StartSession, CommitteeSecretary>(on)};
        if (view.state == InSession::key) return {task<CloseMeeting, CommitteeSecretary>(on)};
        return {};
    }
    engine::Summary summary(const engine::CaseView& view) const override {
        return {view.facts.value("title", ""), "", view.facts.value("meeting_on", ""), ""};
    }
    std::vector<engine::Involvement> involved(const engine::CaseView& view) const override {
        return {{{view.facts.value("chair", "")}, "chair"}};
    }

    const engine::Presentation& presentation() const override { return meeting::presentation(); }
};

} // namespace
} // namespace meeting

std::unique_ptr<engine::Definition> committee_meeting_workflow() {
    return std::make_unique<meeting::MeetingDefinition>();
}

} // namespace cunmai::workflows
