// The days on which something is allowed: every date that a command takes, on the day before, the day itself and the
// next day, as a reviewed table; and every timer, on its very day and a second before.
#include "engine/time.hpp"
#include "tests/unit/workflows/moments.hpp"

#include <algorithm>

namespace cunmai::workflows::test {
namespace {

using namespace engine;
using Kind = Outcome::Kind;

// "yes" and "no", or "yes/no" where it depends on the rest of the case.
const std::set<std::string> reviewed{
    "prescription issue deadline_on: no no yes",
    "prescription reopen deadline_on: no no yes",
    "prescription request_extension until_on: no no yes/no",         // and later than the deadline
    "village_lifecycle issue_prescription deadline_on: yes yes yes", // a draft, which is looked at when it is issued
    "village_lifecycle record_consultation held_on: no yes no",      // all are played on the day the review began
    "village_lifecycle record_courtyard_meeting held_on: no yes no",
    "village_lifecycle record_interview held_on: no yes no",
    "village_lifecycle return_to_village new_due_on: no yes yes",
};

class DatesTest : public ::testing::Test, protected Moments {
  protected:
    bool is_allowed(const CaseId& id, const std::string& command, const std::string& person) {
        const auto seen = district_->service.offers(id, {person}, {});
        return seen && std::any_of(seen->offers.begin(), seen->offers.end(),
                                   [&](const Offer& offer) { return offer.command == command && offer.allowed; });
    }
};

TEST_F(DatesTest, OfCommandsAreTakenOnTheDaysOfTheTable) {
    std::map<std::string, std::array<std::set<std::string>, 3>> taken;
    for (const auto& moment : play()) {
        go_to(moment);
        const auto row = district_->row(moment.id);
        const auto& info = district_->definition_of(row).info();
        for (const auto& command : info.commands) {
            if (command.internal || info.who_may(row.state, command.key).empty()) continue;
            const auto person = district_->person_for(moment.id, command.key);
            const bool takes_a_date = std::any_of(command.fields.begin(), command.fields.end(),
                                                  [](const Field& field) { return field.type == FieldType::date; });
            if (!takes_a_date || !is_allowed(moment.id, command.key, person)) continue;
            for (const auto& field : command.fields) {
                if (field.type != FieldType::date) continue;
                auto& days = taken[info.key + " " + command.key + " " + field.key];
                for (int day = -1; day <= 1; ++day) {
                    const auto outcome = give(moment, command.key, person, "", {{field.key, in_days(day)}});
                    const auto& reasons = outcome.refusal.reasons();
                    const bool is_refused = std::any_of(reasons.begin(), reasons.end(), [&](const Reason& reason) {
                        return reason.field == field.key;
                    });
                    days[static_cast<std::size_t>(day + 1)].insert(is_refused ? "no" : "yes");
                }
            }
        }
    }
    std::set<std::string> lines;
    for (const auto& [field, days] : taken) {
        auto line = field + ":";
        for (const auto& day : days) line += day.size() == 2 ? " yes/no" : " " + *day.begin();
        lines.insert(line);
    }
    for (const auto& line : reviewed) EXPECT_TRUE(lines.contains(line)) << "no longer: " << line;
    for (const auto& line : lines) EXPECT_TRUE(reviewed.contains(line)) << "not in the table: " << line;
}

TEST_F(DatesTest, OfTimersAreKeptToTheSecond) {
    std::set<std::string> fired;
    for (const auto& moment : play()) {
        go_to(moment);
        const auto row = district_->row(moment.id);
        if (row.final) continue;
        for (const auto& timer : district_->definition_of(row).timers({row.id, row.place, row.state, row.facts})) {
            if (!fired.insert(row.definition + " " + row.state + " " + timer.command).second) continue;
            SCOPED_TRACE(row.definition + " " + row.state + " " + timer.command);
            EXPECT_EQ(timer.due_at, start_of_day(local_date(timer.due_at))) << "a day begins at midnight";
            if (timer.due_at > moment.at) {
                district_->clock.set(timer.due_at.plus_seconds(-1));
                EXPECT_EQ(district_->service.fire(moment.id, timer.key, timer.command).kind, Kind::not_here);
                district_->store.memory = *moment.memory;
            }
            district_->clock.set(std::max(timer.due_at, moment.at));
            EXPECT_EQ(district_->service.fire(moment.id, timer.key, timer.command).kind, Kind::accepted);
            district_->store.memory = *moment.memory;
        }
    }
    EXPECT_GE(fired.size(), 9U);
}

} // namespace
} // namespace cunmai::workflows::test
