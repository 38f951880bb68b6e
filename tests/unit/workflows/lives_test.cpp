// Whole lives, from the first command to the last. Together they use every row of every table, so no row is dead; their
// records replay; and all their notices have texts.
#include "engine/needs.hpp"
#include "engine/replay.hpp"
#include "tests/unit/workflows/lives.hpp"

#include <filesystem>
#include <fstream>
#include <set>

namespace cunmai::workflows::test {
namespace {

using namespace engine;

class LivesTest : public ::testing::Test, protected Lives {};

TEST_F(LivesTest, FireEveryRowOfEveryTable) {
    everything();
    terminations();
    migrations();
    std::set<std::string> fired;
    for (const auto& [id, events] : district_->store.memory.events)
        for (const auto& event : events)
            fired.insert(event.definition + ": " + event.from + " " + event.command + " " + event.to);
    for (const auto* definition : district_->registry.all())
        for (const auto& row : definition->info().rows) {
            const auto line = definition->info().key + ": " + row.from + " " + row.command + " " + row.to;
            EXPECT_TRUE(fired.contains(line)) << "dead row? " << line;
        }
}

TEST_F(LivesTest, ReplayToTheSameStatesAndFacts) {
    everything();
    for (const auto& [id, events] : district_->store.memory.events) {
        const auto damage = engine::replay(district_->registry, events);
        EXPECT_FALSE(damage.has_value()) << (damage ? id.text + " " + std::to_string(damage->seq) + " " + damage->what
                                                    : "");
        EXPECT_EQ(engine::difference(district_->row(id), engine::fold(district_->registry, events)), "") << id.text;
    }
}

// The context of an event has what the engine says and what the rows of its command need, and nothing else. Without any
// one of these members it is not decided at all.
TEST_F(LivesTest, AreDecidedByWhatTheirRowsNeed) {
    everything();
    const std::set<std::string> own{"roles",  "qualifiers", "relations", "today",      "place",
                                    "parent", "batch",      "sealed",    "new_case_id"};
    std::set<std::string> taken;
    for (const auto& [id, events] : district_->store.memory.events) {
        auto facts = Json::object();
        for (const auto& event : events) {
            SCOPED_TRACE(event.definition + ": " + event.from + " " + event.command + " " + event.to);
            const auto& definition = *district_->registry.find(event.definition, event.definition_version);
            const auto payload = Json::parse(event.payload);
            auto context = Json::parse(event.context), needs = Json::object();
            add_not_found(needs, definition.info(), event.from, event.command);
            for (const auto& [key, value] : context.items())
                EXPECT_TRUE(own.contains(key) || needs.contains(key)) << key << " is nobody's need";
            add_not_found(context, definition.info(), event.from, event.command);
            const Ask ask{
                id,          district_->row(id).place, event.from, facts, event.command, payload, context, event.at,
                event.actor, event.on_behalf_of};
            const auto verdict = definition.decide(ask);
            EXPECT_EQ(verdict.kind, Verdict::Kind::accepted);
            EXPECT_EQ(verdict.decision.to, event.to);
            for (const auto& [need, nothing] : needs.items()) {
                const auto value = context.at(need);
                context.erase(need);
                EXPECT_THROW(definition.decide(ask), MissingNeed) << need;
                context[need] = value;
                taken.insert(event.definition + " " + event.command + " " + need);
            }
            facts = evolve(facts, Json::parse(event.changes));
        }
    }
    EXPECT_GT(taken.size(), 35U);
}

// Titles and bodies exist in both languages and name nothing that the notice doesn't carry.
TEST_F(LivesTest, SendNoticesThatHaveWords) {
    everything();
    std::map<std::string, std::set<std::string>> carried;
    for (const auto& notice : district_->store.memory.notices) {
        auto& params = carried[notice.topic];
        params.insert("case_title");
        for (const auto& [key, value] : notice.params.items()) params.insert(key);
    }
    EXPECT_GT(carried.size(), 35U);
    for (const auto* language : {"zh-CN", "en"}) {
        std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "../../../templates/messages" / language /
                         "workflow.json");
        const auto messages = Json::parse(in);
        for (const auto& [topic, params] : carried)
            for (const auto* part : {".title", ".body"}) {
                const auto text = messages.value("notice." + topic + part, "");
                EXPECT_FALSE(text.empty()) << language << " notice." << topic << part;
                for (auto at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
                    const auto name = text.substr(at + 1, text.find('}', at) - at - 1);
                    EXPECT_TRUE(params.contains(name)) << language << " " << topic << " {" << name << "}";
                }
            }
    }
}

} // namespace
} // namespace cunmai::workflows::test
