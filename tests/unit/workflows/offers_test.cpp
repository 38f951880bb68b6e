// What a page offers and what the door does are the same decision: for every command, person and principal, in every
// shape of a case that the played lives reach.
#include "tests/unit/workflows/moments.hpp"

#include <algorithm>

namespace cunmai::workflows::test {
namespace {

using namespace engine;
using Kind = Outcome::Kind;

// Persons to whom roles are handed: one who has none, and one who sits on the committee.
const std::vector<std::string> delegates{"substitute", "m1"};

class OffersTest : public ::testing::Test, protected Moments {
  protected:
    std::set<std::string> people() const {
        std::set<std::string> all{"nobody", "substitute"};
        for (const auto& grant : district_->store.memory.grants) all.insert(grant.person.text);
        return all;
    }

    // The actor's own hat and, for each delegate, everybody's.
    std::vector<std::pair<std::string, std::string>> hats() const {
        std::vector<std::pair<std::string, std::string>> all;
        for (const auto& person : people()) all.emplace_back(person, "");
        for (const auto& delegate : delegates)
            for (const auto& principal : people())
                if (principal != delegate) all.emplace_back(delegate, principal);
        return all;
    }

    // What somebody is to the district: those who are the same need not all try.
    std::string roles_of(const std::string& person) const {
        std::set<std::string> roles;
        for (const auto& grant : district_->store.memory.grants)
            if (grant.person.text == person) roles.insert(grant.role + " " + grant.place_path);
        return Json(roles).dump();
    }

    // The first, the middle and the last moment of each state.
    std::vector<Moment> some_moments() {
        std::map<std::string, std::vector<Moment>> by_state;
        for (const auto& moment : play()) {
            const auto& row = moment.memory->rows.at(moment.id);
            by_state[row.definition + " " + row.state].push_back(moment);
        }
        std::vector<Moment> some;
        for (const auto& [state, all] : by_state)
            for (const auto i : std::set<std::size_t>{0, all.size() / 2, all.size() - 1}) some.push_back(all[i]);
        return some;
    }

    void delegate_everything() {
        auto& memory = district_->store.memory;
        for (const auto& grant : memory.grants)
            for (const auto& delegate : delegates)
                if (grant.person.text != delegate)
                    memory.delegations.push_back({grant.person, {delegate}, grant.role, {0}, {1LL << 60}});
    }
};

bool is_access(Kind kind) { return kind == Kind::forbidden || kind == Kind::not_found; }

TEST_F(OffersTest, SayWhatTheDoorWillDo) {
    const auto all = some_moments();
    EXPECT_GT(all.size(), 40U);
    std::set<std::string> allowed, missing, without_role, tried;
    for (auto moment : all) {
        go_to(moment);
        delegate_everything();
        moment.memory = std::make_shared<cunmai::test::Memory>(district_->store.memory);
        const auto row = district_->row(moment.id);
        const auto& info = district_->definition_of(row).info();
        for (const auto& [person, principal] : hats()) {
            const auto seen = district_->service.offers(moment.id, {person}, {principal});
            std::set<std::string> offered;
            for (const auto& offer : seen ? seen->offers : std::vector<Offer>{}) {
                SCOPED_TRACE(row.definition + " " + row.state + ": " + offer.command + " by " + person +
                             (principal.empty() ? "" : " for " + principal) + " " +
                             engine::to_json(offer.missing).dump());
                const auto name = row.definition + " " + offer.command;
                offered.insert(offer.command);
                EXPECT_EQ(offer.allowed, offer.by_role && offer.missing.empty());
                const auto kind = row.state + " " + name + roles_of(principal.empty() ? person : principal) +
                                  (principal.empty() ? "" : roles_of(person)) + (offer.by_role ? "+" : "-") +
                                  engine::to_json(offer.missing).dump();
                if (!tried.insert(kind).second) continue;
                const auto outcome = give(moment, offer.command, person, principal);
                EXPECT_EQ(is_access(outcome.kind), !offer.by_role) << engine::to_json(outcome.refusal).dump();
                if (offer.allowed) allowed.insert(name);
                if (!offer.by_role) without_role.insert(name);
                if (!offer.by_role || offer.allowed) continue; // what follows: conditions that no input can meet
                missing.insert(name);
                EXPECT_NE(outcome.kind, Kind::accepted);
                if (outcome.kind != Kind::refused) continue;
                for (const auto& reason : offer.missing.reasons())
                    EXPECT_TRUE(outcome.refusal.has(reason.code)) << reason.code;
            }
        }
        // What is not offered to anybody here is refused, too: once for the person whose command it usually is.
        const auto seen = district_->service.offers(moment.id, {"pl"}, {});
        for (const auto& command : info.commands) {
            if (seen && std::any_of(seen->offers.begin(), seen->offers.end(),
                                    [&](const Offer& offer) { return offer.command == command.key; }))
                continue;
            for (const auto* person : {"pl", "ts", "vo", "sec"})
                EXPECT_NE(give(moment, command.key, person, "").kind, Kind::accepted)
                    << row.definition << " " << row.state << " " << command.key << " by " << person;
        }
    }
    // Each command was allowed to somebody, and was refused for want of a role to somebody else.
    for (const auto* definition : district_->registry.all())
        for (const auto& command : definition->info().commands) {
            const bool is_opening = !definition->info().who_may(not_opened, command.key).empty();
            if (command.internal || is_opening) continue;
            const auto name = definition->info().key + " " + command.key;
            EXPECT_TRUE(allowed.contains(name)) << name << " was never allowed";
            EXPECT_TRUE(without_role.contains(name)) << name << " was never without role";
        }
    EXPECT_GT(missing.size(), 15U);
}

} // namespace
} // namespace cunmai::workflows::test
