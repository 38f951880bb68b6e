// A round of the district: announced, then one self-check case per village is opened in its name (the round's id is
// their batch), until the panel closes it. Facts: title, towns [place codes; none: the whole district], the due dates
// of the four steps.
#include "engine/machine.hpp"
#include "engine/presentation.hpp"
#include "workflows/common/conditions.hpp"
#include "workflows/common/fields.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/roles.hpp"
#include "workflows/screening_round/screening_round.hpp"
#include "workflows/screening_round/states.hpp"
#include "workflows/screening_round/steps.hpp"
#include "workflows/special_pages.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

namespace cunmai::workflows {
namespace round {
namespace {

using namespace engine;

struct Announce : Command {
    static constexpr std::string_view key = "announce";
    static Fields fields() {
        return {Field::line("title"),
                Field::of(FieldType::places, "towns").optional(),
                Field::date("self_check_due_on"),
                Field::date("screening_due_on"),
                Field::date("review_due_on"),
                Field::date("committee_due_on").optional()};
    }
};
struct CloseRound : Command {
    static constexpr std::string_view key = "close_round";
    static Fields fields() { return {Field::text("reason").optional()}; }
};

struct DueDatesInOrder : InputCondition {
    static constexpr std::string_view key = "due_dates_in_order";
    static bool holds(const Ask& ask, Refusal& why) {
        std::string before = ask.today();
        for (const auto& step : round_steps) {
            const auto due_on = ask.given(step.due_field);
            if (due_on.empty()) continue;
            if (due_on < before)
                why.add_for(std::string(step.due_field), "due_dates_out_of_order", {{"earliest", before}});
            before = std::max(before, due_on);
        }
        return why.empty();
    }
};

struct KeepRound {
    static constexpr std::string_view key = "keep_round";
    static void run(const Ask& ask, Decision& decision) {
        decision.facts = ask.payload;
        if (!decision.facts.contains("towns") || !decision.facts["towns"].is_array())
            decision.facts["towns"] = Json::array();
        decision.facts["announced_on"] = ask.today();
        decision.facts["announced_by"] = ask.acting_for();
    }
};
struct EndRound {
    static constexpr std::string_view key = "end_round";
    static void run(const Ask& ask, Decision& decision) { decision.facts["closed_on"] = ask.today(); }
};

struct ScreeningRound {
    static constexpr std::string_view key = workflow_key;
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    // clang-format off
    using transition_table = Table<
    //   in        , on         , go to    , given by         , do            , provided
    Row< NotOpened , Announce   , IsOpen   , By<PanelLeader>  , Do<KeepRound> , If<PlaceIsDistrict, DueDatesInOrder> >,
    Row< IsOpen    , CloseRound , IsClosed , By<PanelLeader>  , Do<EndRound>                                         >
    >;
    // clang-format on
};

Presentation made() {
    Presentation shown;
    shown.tones = {{IsClosed::key, Tone::done}};
    shown.list_title = "page.nav.rounds";
    shown.listed_for = {PanelLeader::key, DistrictCommander::key, CommitteeSecretary::key, Auditor::key};
    shown.columns = {Column::title(), Column::number(), Column::state(), Column::due(), Column::updated()};
    shown.offered = {{.field = "towns", .openings = village::workflow_key}};
    ProposedDates dates{.command = Announce::key, .rule = "round_due_days"};
    for (const auto& step : round_steps) dates.steps.emplace_back(step.state, step.due_field);
    shown.proposed = {std::move(dates)};
    shown.opens_at = "district";
    shown.opening_text = "page.rounds.new";
    shown.batch_of = village::workflow_key;
    shown.case_page = special_pages::round;
    shown.list_page = special_pages::rounds;
    shown.opening_page = special_pages::new_round;
    return shown;
}

class RoundDefinition final : public MachineDefinition<ScreeningRound> {
    std::vector<Task> tasks(const CaseView& view) const override {
        if (view.state != IsOpen::key) return {};
        return {task<CloseRound, PanelLeader>(view.facts.value("review_due_on", ""))};
    }
    Summary summary(const CaseView& view) const override {
        return {view.facts.value("title", ""), "", view.facts.value("review_due_on", ""), ""};
    }
    const Presentation& presentation() const override {
        static const auto shown = made();
        return shown;
    }
};

} // namespace
} // namespace round

std::unique_ptr<engine::Definition> screening_round_workflow() { return std::make_unique<round::RoundDefinition>(); }

} // namespace cunmai::workflows
