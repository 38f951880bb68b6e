// No role learns of a case outside its jurisdiction: not by a list, a count, a search, a filter, a history, a
// notification or a document whose hash it guessed.
#include "tests/integration/api/district.hpp"

#include <gtest/gtest.h>

namespace cunmai::test {
namespace {

class Leaks : public testing::Test {
  protected:
    void SetUp() override {
        case_a_ = case_in("town_screening", village_a);
        case_b_ = case_in("town_screening", village_b);
    }
    void expect_nothing_of_b(const Answer& answer, const std::string& where) {
        EXPECT_EQ(answer.body.find(case_b_), std::string::npos) << where << " names the case: " << answer.body;
        EXPECT_EQ(answer.body.find("西一村"), std::string::npos) << where << " names the village: " << answer.body;
        EXPECT_EQ(answer.body.find(village_b), std::string::npos) << where << " names the code: " << answer.body;
    }
    std::string case_a_, case_b_;
};

TEST_F(Leaks, NotByListsSearchesAndFilters) {
    for (const auto* who : {"v-a", "s-a", "o-a", "commander", "coordinator", "panel-x", "v-x", "nobody", "sysadmin",
                            "secadmin", "auditadmin"})
        for (const std::string& path :
             {std::string("/cases?limit=100"), "/cases?limit=100&place=" + std::string(village_b),
              "/cases?limit=100&place=" + std::string(district_a),
              std::string("/cases?limit=100&text=%E8%A5%BF%E4%B8%80"),
              "/cases?limit=100&involved=" + District::id("v-b"), std::string("/cases?limit=100&state=town_screening"),
              std::string("/cases?limit=100&sort=place&status=open"), std::string("/worklist?limit=100"),
              std::string("/worklist?limit=100&box=watching"), std::string("/worklist?limit=100&text=%E8%A5%BF"),
              std::string("/notifications?limit=100")})
            expect_nothing_of_b(as(who).get(path), std::string(who) + " " + path);
}

TEST_F(Leaks, NotByCounts) {
    const auto total = [](const std::string& who, const std::string& query) {
        return as(who).get("/cases?limit=1&" + query).json().at("total").get<int>();
    };
    EXPECT_EQ(total("s-a", std::string("place=") + village_b), 0);
    EXPECT_EQ(total("s-a", "text=%E8%A5%BF%E4%B8%80"), 0);
    EXPECT_EQ(total("sysadmin", "status=open"), 0);
    EXPECT_EQ(total("nobody", "status=open"), 0);
    EXPECT_EQ(as("s-a").get(std::string("/places/") + village_b + "/counts").status, 404);
    const auto counts = as("s-a").get(std::string("/places/") + town_a + "/counts").json();
    const auto listed = total("s-a", "state=town_screening&definition=village_lifecycle");
    EXPECT_EQ(counts.value("town_screening", 0), listed);
}

TEST_F(Leaks, NotByTheCursorOfSomebodyElse) {
    const auto cursor = as("auditor").get("/cases?limit=1&sort=place").json().at("next_cursor");
    ASSERT_TRUE(cursor.is_string());
    expect_nothing_of_b(as("v-a").get("/cases?limit=100&sort=place&cursor=" + cursor.get<std::string>()),
                        "another's cursor");
}

TEST_F(Leaks, NotByTheHashOfADocument) {
    const auto secret = as("v-b").upload("secret.pdf", "application/pdf", some_pdf("示例秘密"));
    EXPECT_EQ(as("v-b").get("/attachments/" + secret).status, 200);
    EXPECT_EQ(as("v-a").get("/attachments/" + secret).status, 404);
    EXPECT_EQ(as("panel").get("/attachments/" + secret).status, 404); // not yet part of a case
    // Naming the document in one's own command does not open it either.
    const auto mine = case_in("self_check", village_a);
    const auto refused = as("v-a").give(mine, "submit_self_check", {{"answers", secret}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(refused.has_reason("document_unknown")) << refused.body;
    const auto unknown = as("v-a").give(mine, "submit_self_check", {{"answers", std::string(64, 'a')}});
    EXPECT_EQ(unknown.status, refused.status);
    EXPECT_EQ(unknown.json().at("reasons"), refused.json().at("reasons"));
    EXPECT_EQ(as("v-a").get("/attachments/" + secret).status, 404);
    // Nor does a draft,
    EXPECT_TRUE(as("v-a")
                    .patch("/cases/" + mine + "/draft", {{"answers", {{"ORG-01", {{"evidence", {secret}}}}}}})
                    .has_reason("document_unknown"));
    // nor an answers document that names it as evidence.
    Json answers = Json::parse(good_answers(village_a));
    answers["answers"]["ORG-01"]["evidence"] = {secret};
    const auto trick = as("v-a").upload("answers.json", "application/json", answers.dump());
    EXPECT_TRUE(as("v-a").give(mine, "submit_self_check", {{"answers", trick}}).has_reason("document_unknown"));
    EXPECT_EQ(as("v-a").get("/attachments/" + secret).status, 404);
}

TEST_F(Leaks, TheRecordOfAnotherJurisdictionIsNotThere) {
    for (const auto* part : {"", "/history", "/commands", "/ballots", "/documents", "/refusals", "/draft"})
        EXPECT_EQ(as("s-a").get("/cases/" + case_b_ + part).status, 404) << part;
    EXPECT_EQ(as("auditor").get("/cases/" + case_b_ + "/history").status, 200);
}

} // namespace
} // namespace cunmai::test
