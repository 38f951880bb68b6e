// The life of one village case (domain.md §3). Read a row as: in <state>, on <command>, go to <state>, given by <who>,
// do <actions>, provided <conditions>.
// - `managed` is entered only by a committee vote, a rejected exit or a denied one.
// - Whatever ends the case withdraws the prescriptions that are still open.
// This is version 1; each later version has a folder of its own (v2/) with what it changes.
// Include this in the machine.cpp of a version only: it is expensive to compile.
#pragma once

#include "engine/machine.hpp"
#include "workflows/common/conditions.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/actions.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/conditions.hpp"
#include "workflows/village_lifecycle/disclosure.hpp"
#include "workflows/village_lifecycle/presentation.hpp"
#include "workflows/village_lifecycle/states.hpp"
#include "workflows/village_lifecycle/view.hpp"

namespace cunmai::workflows::village {

using engine::By;
using engine::Do;
using engine::EachOf;
using engine::If;
using engine::NotOpened;
using engine::Row;
using engine::Stays;
using engine::Table;

using Committee = By<CommitteeMember, CommitteeChair>;
using TownOrPanel = By<TownSupervisor, PanelLeader>;
using Prescribers = By<TownSupervisor, PanelLeader, VillageCoordinator>;

// clang-format off
using VillageTable = engine::Join<Table<
//   in                 , on                       , go to             , given by                        , do                                   , provided
Row< NotOpened          , Open                     , SelfCheck         , By<PanelLeader>                 , Do<OpenCase>                         , If<PlaceIsVillage, RoundIsOpen>                                               >,
Row< NotOpened          , OpenTargeted             , TownScreening     , TownOrPanel                     , Do<OpenForScreening>                 , If<PlaceIsVillage, RoundIsOpen, IndicatorsKnown>                              >,

Row< SelfCheck          , SubmitSelfCheck          , TownScreening     , By<VillageOfficer>              , Do<KeepSelfCheck>                    , If<DocumentsExist, AnswersComplete>                                           >,

Row< TownScreening      , Nominate                 , DepartmentReview  , By<TownSupervisor>              , Do<EnterPool>                        , If<CategoriesDiffer>                                                          >,
Row< TownScreening      , ReturnToVillage          , SelfCheck         , By<TownOfficer, TownSupervisor> , Do<AskVillageAgain>                                                                                                  >,
Row< TownScreening      , Decline                  , NotListed         , By<TownSupervisor>              , Do<EndUnlisted>                                                                                                      >,

Row< DepartmentReview   , RecordInterview          , Stays             , By<DepartmentReviewer>          , Do<KeepVisit>                        , If<HasHappened>                                                               >,
Row< DepartmentReview   , RecordCourtyardMeeting   , Stays             , By<DepartmentReviewer>          , Do<KeepVisit>                        , If<HasHappened>                                                               >,
Row< DepartmentReview   , RecordConsultation       , Stays             , By<DepartmentReviewer>          , Do<KeepVisit>                        , If<HasHappened>                                                               >,
Row< DepartmentReview   , SignOpinion              , Stays             , By<DepartmentReviewer>          , Do<KeepOpinion>                      , If<DepartmentIsTheirs>                                                        >,
Row< DepartmentReview   , Endorse                  , CommitteeApproval , By<PanelLeader>                 , Do<CallCommittee>                    , If<AllOpinionsSigned, VillageWasVisited, WasSupplemented, NotTheNominator>    >,
Row< DepartmentReview   , ReturnToTown             , TownScreening     , By<PanelLeader>                 , Do<AskTownAgain>                                                                                                     >,
Row< DepartmentReview   , Decline                  , NotListed         , By<PanelLeader>                 , Do<EndUnlisted>                                                                                                      >,

Row< CommitteeApproval  , OpenBallot               , Stays             , By<CommitteeSecretary>          , Do<StartBallot>                      , If<NoBallotOpen, MeetingIsReady, CommitteeHasMembers>                         >,
Row< CommitteeApproval  , CastVote                 , Stays             , Committee                       , Do<KeepVote>                         , If<BallotIsOpen, MayVote, VoteIsComplete>                                     >,
Row< CommitteeApproval  , Recuse                   , Stays             , Committee                       , Do<KeepRecusal>                      , If<BallotIsOpen, MayRecuse>                                                   >,
Row< CommitteeApproval  , AttendanceChanged        , Stays             , By<engine::Engine>              , Do<NoteAttendance>                                                                                                   >,
Row< CommitteeApproval  , CloseBallot              , Managed           , By<CommitteeSecretary>          , Do<EndBallot, StartManagement>       , If<BallotIsOpen, BallotPassed, VotesAreIn>                                    >,
Row< CommitteeApproval  , CloseBallot              , NotListed         , By<CommitteeSecretary>          , Do<EndBallot, EndUnlisted>           , If<BallotIsOpen, BallotRejected, VotesAreIn>                                  >,
Row< CommitteeApproval  , CloseBallot              , DepartmentReview  , By<CommitteeSecretary>          , Do<EndBallot, AskForMoreReview>      , If<BallotIsOpen, BallotDeferred, VotesAreIn>                                  >,
Row< CommitteeApproval  , CloseBallot              , Stays             , By<CommitteeSecretary>          , Do<EndBallot>                        , If<BallotIsOpen, BallotLacksQuorum, VotesAreIn>                               >,

Row< Managed            , AdoptPlan                , Stays             , By<TownSupervisor>              , Do<KeepPlan>                         , If<PlanKeepsItsWord>                                                          >,
Row< Managed            , Assign                   , Stays             , TownOrPanel                     , Do<FillPosts>                        , If<AssigneesFit>                                                              >,
Row< Managed            , ReplaceAssignee          , Stays             , TownOrPanel                     , Do<ReplacePost>                      , If<PostsAreFilled, PostStaysFilled, AssigneesFit>                             >,
Row< Managed            , IssuePrescription        , Stays             , Prescribers                     , Do<OpenPrescription>                 , If<PlanIsAdopted, PostsAreFilled, IssuerFits>                                 >,
Row< Managed            , RequestExit              , ExitReview        , By<TownSupervisor>              , Do<StartExitReview>                  , If<PostsAreFilled, PrescriptionsAreClosed, NoRedWarning>                      >,

Row< ExitReview         , RecordSelfEvaluation     , Stays             , By<VillageOfficer>              , Do<KeepEvaluation>                   , If<DocumentsExist>                                                            >,
Row< ExitReview         , RecordPublicEvaluation   , Stays             , By<TownOfficer>                 , Do<KeepEvaluation>                   , If<DocumentsExist>                                                            >,
Row< ExitReview         , RecordTownAssessment     , Stays             , By<TownOfficer>                 , Do<KeepEvaluation>                   , If<DocumentsExist>                                                            >,
Row< ExitReview         , RecordDistrictAssessment , Stays             , By<DepartmentReviewer>          , Do<KeepEvaluation>                   , If<DocumentsExist>                                                            >,
Row< ExitReview         , RecordCommanderOpinion   , Stays             , By<DistrictCommander>           , Do<KeepExitOpinion>                  , If<IsTheCommander>                                                            >,
Row< ExitReview         , RecordCoordinatorOpinion , Stays             , By<VillageCoordinator>          , Do<KeepExitOpinion>                  , If<IsTheCoordinator>                                                          >,
Row< ExitReview         , EndorseExit              , ExitApproval      , By<PanelLeader>                 , Do<CallExitVote>                     , If<ExitIsEvaluated, PrescriptionsAreClosed, WasSupplemented, NotWhoRequested> >,
Row< ExitReview         , DenyExit                 , Managed           , By<PanelLeader>                 , Do<ResumeManagement>                                                                                                 >,

Row< ExitApproval       , OpenBallot               , Stays             , By<CommitteeSecretary>          , Do<StartBallot>                      , If<NoBallotOpen, MeetingIsReady, CommitteeHasMembers, PrescriptionsAreClosed> >,
Row< ExitApproval       , CastVote                 , Stays             , Committee                       , Do<KeepVote>                         , If<BallotIsOpen, MayVote, VoteIsComplete>                                     >,
Row< ExitApproval       , Recuse                   , Stays             , Committee                       , Do<KeepRecusal>                      , If<BallotIsOpen, MayRecuse>                                                   >,
Row< ExitApproval       , AttendanceChanged        , Stays             , By<engine::Engine>              , Do<NoteAttendance>                                                                                                   >,
Row< ExitApproval       , CloseBallot              , FollowUp          , By<CommitteeSecretary>          , Do<EndBallot, StartFollowUp>         , If<BallotIsOpen, BallotPassed, VotesAreIn>                                    >,
Row< ExitApproval       , CloseBallot              , Managed           , By<CommitteeSecretary>          , Do<EndBallot, ResumeManagement>      , If<BallotIsOpen, BallotRejected, VotesAreIn>                                  >,
Row< ExitApproval       , CloseBallot              , ExitReview        , By<CommitteeSecretary>          , Do<EndBallot, AskForMoreEvaluation>  , If<BallotIsOpen, BallotDeferred, VotesAreIn>                                  >,
Row< ExitApproval       , CloseBallot              , Stays             , By<CommitteeSecretary>          , Do<EndBallot>                        , If<BallotIsOpen, BallotLacksQuorum, VotesAreIn>                               >,

Row< FollowUp           , AdoptPlan                , Stays             , By<TownSupervisor>              , Do<KeepPlan>                         , If<PlanKeepsItsWord>                                                          >,
Row< FollowUp           , ReplaceAssignee          , Stays             , TownOrPanel                     , Do<ReplacePost>                      , If<PostsAreFilled, PostStaysFilled, AssigneesFit>                             >,
Row< FollowUp           , IssuePrescription        , Stays             , Prescribers                     , Do<OpenPrescription>                 , If<PlanIsAdopted, PostsAreFilled, IssuerFits>                                 >,
Row< FollowUp           , RecordLookBack           , Stays             , By<TownOfficer, DepartmentReviewer>, Do<KeepLookBack>                  , If<DocumentsExist, LevelIsTheirs>                                             >,
Row< FollowUp           , ReportRelapse            , DepartmentReview  , TownOrPanel                     , Do<StartReviewAgain>                 , If<DocumentsExist>                                                            >,
Row< FollowUp           , CompleteFollowUp         , Graduated         , By<PanelLeader>                 , Do<Graduate>                         , If<YearIsOver, LookBacksHold, PrescriptionsAreClosed>                         >,
Row< FollowUp           , ProposeCompletion        , Stays             , By<engine::Engine>              , Do<Propose>                          , If<YearIsOver>                                                                >
>,
EachOf< AnyOpen         , Terminate                , Terminated        , By<PanelLeader>                 , Do<EndTerminated>                    , If<DocumentsExist>                                                            >,
EachOf< AnyOpen         , PrescriptionChanged      , Stays             , By<engine::Engine>              , Do<NotePrescription>                                                                                                 >
>;
// clang-format on

// The definition of one version: its table, and everything that all versions have in common.
template <class Version> class VillageDefinition : public engine::MachineDefinition<Version> {
  protected:
    std::vector<engine::Task> tasks(const engine::CaseView& view) const override { return tasks_of(view); }
    std::vector<engine::Timer> timers(const engine::CaseView& view) const override { return timers_of(view); }
    engine::Summary summary(const engine::CaseView& view) const override { return summary_of(view); }
    std::vector<engine::Involvement> involved(const engine::CaseView& view) const override { return involved_in(view); }
    bool discloses_all(const engine::Reader&, const engine::CaseView& now) const override {
        return !is_voting_by_name(now);
    }
    void disclose(const engine::Reader& reader, const engine::CaseView&, Json& facts) const override {
        withhold_votes(reader, facts);
    }
    void disclose(const engine::Reader& reader, const engine::CaseView& now, const engine::Event& event,
                  engine::Readable& content) const override {
        withhold_vote(reader, now, event, content);
    }
    void disclose(const engine::Reader& reader, const engine::CaseView&, engine::Refused& refused) const override {
        withhold_reasons(reader, refused);
    }
    std::optional<engine::Seal> seal(const engine::Ask& ask) const override { return seal_of(ask); }
    std::optional<std::string> opens_box(const engine::Ask& ask) const override { return box_opened_by(ask); }

    const engine::Presentation& presentation() const override { return village::presentation(); }
    std::vector<engine::ShownSection> sections(const engine::CaseView& view,
                                               const engine::RuleLookup& rules) const override {
        return sections_of(view, rules);
    }
    std::optional<std::vector<engine::ShownRow>> told(std::string_view command, const Json& payload) const override {
        return told_by(command, payload);
    }
};

} // namespace cunmai::workflows::village
