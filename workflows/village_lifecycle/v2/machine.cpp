// Version 2 of a village's life. In version 1 a self-check that the town returned kept its old due date, and so it was
// often overdue at once. Now the town names a new date, or the district's rule `self_check_return` gives one. A
// returned case that is overdue in version 1 gets that date when it is migrated.
#include "workflows/village_lifecycle/machine.hpp"
#include "engine/revision.hpp"
#include "workflows/common/notices.hpp"
#include "workflows/evaluation/calendar.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

#include <algorithm>

namespace cunmai::workflows {
namespace village {
namespace {

using engine::Ask;
using engine::Decision;

struct ReturnWithDate : Command {
    static constexpr std::string_view key = ReturnToVillage::key;
    static Fields fields() { return {reason(), Field::date("new_due_on").optional()}; }
};

struct NewDateIsAhead : engine::InputCondition {
    static constexpr std::string_view key = "new_date_is_ahead";
    static bool holds(const Ask& ask, engine::Refusal& why) {
        const auto due_on = ask.given("new_due_on");
        if (!due_on.empty() && due_on < ask.today())
            why.add_for("new_due_on", "in_the_past", {{"field", "new_due_on"}});
        return why.empty();
    }
};

std::string self_check_due_on(const Json& facts) {
    const auto& due_on = part(part(facts, "due"), "self_check_due_on");
    return due_on.is_string() ? due_on.get<std::string>() : "";
}

// The due date when the town names none. It is never earlier than the one before.
struct TimeAnew {
    static constexpr std::string_view key = "time_anew";
    static Json gather(const Ask& ask, engine::Knowledge& knowledge) {
        auto rule = knowledge.rule("self_check_return");
        if (!rule.is_object())
            rule = {{"days", 7}, {"counted", "working"}}; // unset in a district that was installed before this rule
        const auto counted = rule.at("counted") == "working" ? calendar::Days::working : calendar::Days::calendar;
        const auto holidays = counted == calendar::Days::working ? knowledge.rule("calendar") : Json();
        const auto today = engine::parse_date(ask.today()).value();
        return std::max(engine::to_text(calendar::add_days(holidays, counted, today, rule.at("days").get<int>())),
                        self_check_due_on(ask.facts));
    }
};

void give_time_until(Decision& decision, const std::string& date) { decision.facts["due"]["self_check_due_on"] = date; }

struct AskVillageAnew {
    static constexpr std::string_view key = AskVillageAgain::key;
    static constexpr int revision = 2;
    using needs = engine::Needs<TimeAnew>;
    static void run(const Ask& ask, Decision& decision) {
        const auto given = ask.given("new_due_on");
        const auto due_on = given.empty() ? needs::get<TimeAnew>(ask).get<std::string>() : given;
        decision.facts["returns"] = decision.facts.value("returns", 0) + 1;
        give_time_until(decision, due_on);
        notify<VillageOfficer>(decision, "self_check_returned", {{"reason", ask.given("reason")}, {"due_on", due_on}});
    }
};

struct MendOverdueReturn {
    static constexpr std::string_view key = "mend_overdue_return";
    using needs = engine::Needs<TimeAnew>;
    static void run(const Ask& ask, Decision& decision) {
        const bool came_back = ask.state == SelfCheck::key && ask.facts.value("returns", 0) > 0;
        const auto due_on = self_check_due_on(ask.facts);
        if (came_back && !due_on.empty() && due_on < ask.today())
            give_time_until(decision, needs::get<TimeAnew>(ask).get<std::string>());
    }
};

struct Version2 {
    static constexpr std::string_view key = workflow_key;
    static constexpr int version = 2;
    static constexpr bool one_open_per_place = true;
    // clang-format off
    using transition_table = engine::Revised<VillageTable,
        engine::Instead<
            //   in            , on             , go to     , given by                        , do                 , provided
            Row< TownScreening , ReturnWithDate , SelfCheck , By<TownOfficer, TownSupervisor> , Do<AskVillageAnew> , If<NewDateIsAhead> > >,
        engine::With<
            EachOf< AnyOpen    , engine::Migrate , Stays    , By<engine::Engine>              , Do<MendOverdueReturn> > > >;
    // clang-format on
};

} // namespace
} // namespace village

std::unique_ptr<engine::Definition> village_lifecycle_v2() {
    return std::make_unique<village::VillageDefinition<village::Version2>>();
}

} // namespace cunmai::workflows
