// What a page offers and what the door does are the same decision: for every command, person and principal, in every
// state of the played lives, just before the next command is given.
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
    // One of those who are alike in everything is enough.
    std::set<std::string> people() const {
        std::set<std::string> all{"nobody", "substitute"};
        for (const auto& grant : district_->store.memory.grants) all.insert(grant.person.text);
        for (const auto* like_others : {"m2", "m3", "dr-justice", "dr-publicity", "dr-construction"})
            all.erase(like_others);
        return all;
    }

    // The actor's own hat, everybody's for a substitute, and some for one who sits on the committee.
    std::vector<std::pair<std::string, std::string>> hats() const {
        std::vector<std::pair<std::string, std::string>> all;
        for (const auto& person : people()) all.emplace_back(person, "");
        for (const auto& principal : people())
            if (principal != "substitute") all.emplace_back("substitute", principal);
        for (const auto* principal : {"ch", "m4", "pl", "ts"}) all.emplace_back("m1", principal);
        return all;
    }

    // What somebody is to the district: those who are the same need not all try.
    std::string roles_of(const std::string& person) const {
        std::set<std::string> roles;
        for (const auto& grant : district_->store.memory.grants)
            if (grant.person.text == person) roles.insert(grant.role + " " + grant.place_path);
        return Json(roles).dump();
    }

    // Just before each command is given for the first time.
    std::vector<Moment> before_each_command() {
        std::vector<Moment> some;
        std::set<std::string> met;
        for (const auto& moment : play()) {
            const auto& row = moment.memory->rows.at(moment.id);
            if (moment.next.empty() || district_->definition_of(row).info().command(moment.next)->internal) continue;
            if (met.insert(row.definition + " " + moment.next).second) some.push_back(moment);
        }
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
    const auto all = before_each_command();
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
            for (const auto& offer : seen ? seen->offers : std::vector<Offer>{}) {
                SCOPED_TRACE(row.definition + " " + row.state + ": " + offer.command + " by " + person +
                             (principal.empty() ? "" : " for " + principal) + " " +
                             engine::to_json(offer.missing).dump());
                const auto name = row.definition + " " + offer.command;
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
        // What is offered to nobody in a state is refused there, to the person whose command it usually is.
        for (const auto& command : info.commands) {
            if (!info.who_may(row.state, command.key).empty()) continue;
            if (!tried.insert(row.state + " " + command.key).second) continue;
            EXPECT_NE(give(moment, command.key, district_->person_for(moment.id, command.key)).kind, Kind::accepted)
                << row.definition << " " << row.state << " " << command.key;
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
    EXPECT_GT(missing.size(), 8U);
}

} // namespace
} // namespace cunmai::workflows::test
