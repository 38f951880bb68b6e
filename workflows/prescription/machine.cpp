// The life of one prescription (domain.md §4). Read a row as: in <state>, on <command>, go to <state>, given by <who>,
// do <actions>, provided <conditions>.
// - Every change of state or colour is told to the village's case in the same transaction, except for a withdrawal,
//   which comes from the village's case.
#include "engine/machine.hpp"
#include "workflows/common/conditions.hpp"
#include "workflows/prescription/actions.hpp"
#include "workflows/prescription/commands.hpp"
#include "workflows/prescription/conditions.hpp"
#include "workflows/prescription/prescription.hpp"
#include "workflows/prescription/presentation.hpp"
#include "workflows/prescription/relations.hpp"
#include "workflows/prescription/states.hpp"
#include "workflows/prescription/view.hpp"
#include "workflows/roles.hpp"

namespace cunmai::workflows {
namespace prescription {
namespace {

using engine::By;
using engine::Do;
using engine::EachOf;
using engine::If;
using engine::NotOpened;
using engine::Row;
using engine::Stays;
using engine::Table;
using TheEngine = By<engine::Engine>;

using Issuers = By<TownSupervisor, PanelLeader, VillageCoordinator>;
using Checkers = By<VillageCoordinator, TownSupervisor>;
using Responsible = By<ResponsiblePerson>;

struct Prescription {
    static constexpr std::string_view key = workflow_key;
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    // clang-format off
    using transition_table = engine::Join<Table<
//   in            , on                    , go to         , given by                               , do                                 , provided
Row< NotOpened     , Draft                 , Drafted       , TheEngine                              , Do<KeepDraft>                                                                                    >,

Row< Drafted       , Issue                 , Issued        , Issuers                                , Do<IssueIt, TellVillage>           , If<IssueIsComplete, ResponsiblePersonFits, IssuerFits>      >,

Row< Issued        , Accept                , InProgress    , Responsible                            , Do<NoteAcceptance, TellVillage>                                                                  >,
Row< Issued        , DeclineResponsibility , Drafted       , Responsible                            , Do<TakeBack, TellVillage>                                                                        >,

Row< InProgress    , ReportProgress        , Stays         , By<ResponsiblePerson, VillageCoordinator>, Do<KeepProgress>                 , If<DocumentsExist, ReporterFits>                            >,
Row< InProgress    , RequestExtension      , Stays         , Responsible                            , Do<AskForExtension, TellVillage>   , If<NoExtensionPending, ExtensionsAreLeft, ExtensionIsLater> >,
Row< InProgress    , GrantExtension        , Stays         , By<Issuer, PanelLeader>                , Do<Extend, TellVillage>            , If<ExtensionIsPending, PendingDateIsLater, NotWhoAsked, IssuerDecides> >,
Row< InProgress    , RefuseExtension       , Stays         , By<Issuer, PanelLeader>                , Do<DropExtension, TellVillage>     , If<ExtensionIsPending, NotWhoAsked, IssuerDecides>          >,
Row< InProgress    , SubmitForCheck        , AwaitingCheck , Responsible                            , Do<KeepResult, TellVillage>        , If<DocumentsExist>                                          >,

Row< AwaitingCheck , AcceptResult          , Closed        , Checkers                               , Do<CloseIt, TellVillage>           , If<CheckerFits, NotTheDoer>                                 >,
Row< AwaitingCheck , RejectResult          , InProgress    , Checkers                               , Do<SendBack, TellVillage>          , If<CheckerFits>                                             >,

Row< Closed        , Reopen                , InProgress    , By<TownSupervisor, PanelLeader>        , Do<ReopenIt, TellVillage>          , If<DeadlineIsAhead, VillageCaseIsOpen>                      >
    >,
    EachOf< AnyOpen, Cancel                , Cancelled     , By<Issuer, PanelLeader>                , Do<CancelIt, TellVillage>                                                                        >,
    EachOf< AnyOpen, Withdraw              , Cancelled     , TheEngine                              , Do<WithdrawIt>                                                                                   >,

    EachOf< Running, Remind                , Stays         , TheEngine                              , Do<SendReminder, TellVillage>      , If<ReminderIsDue>                                           >,
    EachOf< Running, FallOverdue           , Stays         , TheEngine                              , Do<TurnRed, TellVillage>           , If<IsOverdue>                                               >,
    EachOf< Running, Escalate              , Stays         , TheEngine                              , Do<SendEscalation>                 , If<EscalationIsDue>                                         >
    >;
    // clang-format on
};

class PrescriptionDefinition final : public engine::MachineDefinition<Prescription> {
    std::vector<engine::Task> tasks(const engine::CaseView& view) const override { return tasks_of(view); }
    std::vector<engine::Timer> timers(const engine::CaseView& view) const override { return timers_of(view); }
    engine::Summary summary(const engine::CaseView& view) const override { return summary_of(view); }
    std::vector<engine::Involvement> involved(const engine::CaseView& view) const override { return involved_in(view); }
    Json relations(const engine::CaseView& view) const override { return relations_of(view); }

    const engine::Presentation& presentation() const override { return prescription::presentation(); }
    std::vector<engine::ShownSection> sections(const engine::CaseView& view, const engine::RuleLookup&) const override {
        return sections_of(view);
    }
    engine::Card card(const engine::CaseView& view) const override { return card_of(view); }
};

} // namespace
} // namespace prescription

std::unique_ptr<engine::Definition> prescription_workflow() {
    return std::make_unique<prescription::PrescriptionDefinition>();
}

} // namespace cunmai::workflows
