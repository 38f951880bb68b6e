// This program decides the records of released programs again, event by event, with the same states, facts and lists.
#include "tests/golden/record.hpp"

#include "engine/fingerprint.hpp"
#include "engine/replay.hpp"
#include "workflows/all.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

namespace cunmai::golden {
namespace {

using namespace engine;

const auto folder = std::filesystem::path(__FILE__).parent_path();

const Registry& registry() {
    static const Registry all = [] {
        Registry made;
        workflows::add_all(made);
        return made;
    }();
    return all;
}

std::vector<std::string> records() {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder))
        if (file.path().extension() == ".json") names.push_back(file.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

class GoldenRecord : public ::testing::TestWithParam<std::string> {
  protected:
    const Record record_ = read((folder / (GetParam() + ".json")).string());
};
INSTANTIATE_TEST_SUITE_P(Of, GoldenRecord, ::testing::ValuesIn(records()), [](const auto& each) { return each.param; });

TEST_P(GoldenRecord, HasWholeChains) {
    for (const auto& one : record_.cases) {
        const auto damage = check_chain({one.row.at("id").get<std::string>()}, one.events);
        EXPECT_FALSE(damage) << one.row.at("id") << " " << damage->seq << " " << damage->what;
    }
}

TEST_P(GoldenRecord, IsDecidedAgainTheSameWay) {
    for (const auto& one : record_.cases) {
        CaseRow folded;
        const auto damage = replay(registry(), one.events, folded);
        ASSERT_FALSE(damage) << one.row.at("id") << " " << damage->seq << " " << damage->what;
        EXPECT_EQ(row_of(folded), one.row);
        EXPECT_EQ(row_of(fold(registry(), one.events)), one.row);
    }
}

TEST_P(GoldenRecord, HasItsDocuments) {
    EXPECT_FALSE(record_.documents.empty());
    for (const auto& [sha256, text] : record_.documents) EXPECT_EQ(sha256_hex(text), sha256);
}

// This program has the same tables, under the same versions, as the program that wrote the record.
TEST_P(GoldenRecord, KnowsItsTables) {
    for (const auto& stored : record_.definitions) {
        const auto* definition = registry().find(stored.at(0).get<std::string>(), stored.at(1).get<int>());
        ASSERT_TRUE(definition) << stored;
        EXPECT_EQ(definition->info().fingerprint, stored.at(2)) << stored;
    }
}

class WhatTheyShow : public ::testing::Test {
  protected:
    WhatTheyShow() {
        for (const auto& name : records())
            for (auto& one : read((folder / (name + ".json")).string()).cases) cases_.push_back(std::move(one));
    }
    bool has(const std::string& command, const std::string& text = "") const {
        for (const auto& one : cases_)
            for (const auto& event : one.events)
                if (event.command == command && (event.payload + event.changes).find(text) != std::string::npos)
                    return true;
        return false;
    }
    std::vector<Case> cases_;
};

TEST_F(WhatTheyShow, IsEveryStateOfEveryVersionOfEveryWorkflow) {
    std::set<std::tuple<std::string, int, std::string>> reached;
    std::set<std::pair<std::string, int>> versions;
    for (const auto& one : cases_)
        for (const auto& event : one.events) {
            reached.emplace(event.definition, event.definition_version, event.to);
            versions.emplace(event.definition, event.definition_version);
        }
    for (const auto* definition : registry().all()) {
        const auto& info = definition->info();
        EXPECT_TRUE(versions.contains({info.key, info.version})) << info.key << " " << info.version;
        for (const auto& state : info.states)
            EXPECT_TRUE(reached.contains({info.key, info.version, state.key}) || info.version > 1)
                << info.key << " " << info.version << " " << state.key;
    }
}

TEST_F(WhatTheyShow, IsWhatMattersInACase) {
    EXPECT_TRUE(has("open_ballot", "\"secret\":false"));
    EXPECT_TRUE(has("open_ballot", "\"secret\":true"));
    for (const auto* command :
         {"cast_vote", "recuse", "grant_extension", "refuse_extension", "report_relapse", "terminate", "announce",
          "close_round", "close_meeting", "cancel_meeting", "remind", "fall_overdue", "escalate", "propose_completion",
          "complete_follow_up", "return_to_village", "migrate"})
        EXPECT_TRUE(has(command)) << command;
    const auto delegated = [](const Case& one) {
        return std::any_of(one.events.begin(), one.events.end(),
                           [](const Event& event) { return !event.on_behalf_of.empty(); });
    };
    EXPECT_TRUE(std::any_of(cases_.begin(), cases_.end(), delegated));
    EXPECT_TRUE(std::any_of(cases_.begin(), cases_.end(), [](const Case& one) { return one.row.at("batch") != ""; }));
}

} // namespace
} // namespace cunmai::golden
