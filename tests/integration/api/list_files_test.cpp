// Lists as Excel files: all rows of the list under the same filter for the same person, and what made the file.
#include "tests/integration/api/objects.hpp"
#include "tests/support/office_file.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

using Rows = std::vector<std::vector<std::string>>;

Rows list_of(const std::string& login, const std::string& path) { // without its head
    const auto file = as(login).browse(path);
    EXPECT_EQ(file.status, 200) << path << " " << file.body;
    auto rows = sheet_rows(file.body, 1);
    EXPECT_FALSE(rows.empty());
    rows.erase(rows.begin());
    return rows;
}

std::vector<std::string> column(const Rows& rows, std::size_t at) {
    std::vector<std::string> cells;
    for (const auto& row : rows) cells.push_back(row.at(at));
    return cells;
}

std::vector<std::string> numbers_at_api(const std::string& login, const std::string& path) {
    std::vector<std::string> numbers;
    std::string cursor;
    do {
        const auto page = as(login).get(path + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
        for (const auto& item : page.at("items")) numbers.push_back(item.at("number"));
        cursor = page.at("next_cursor").is_string() ? page.at("next_cursor").get<std::string>() : "";
    } while (!cursor.empty() && numbers.size() < 100'000);
    EXPECT_EQ(cursor, "") << "the list has no end";
    return numbers;
}

// More rows than one query returns.
const std::string& many_prescriptions() {
    static const auto owner = [] {
        const auto id = managed_case(); // of its own: other tests end the village's cases
        for (int n = 0; n < 101; ++n)
            EXPECT_EQ(as("s-a").give(id, "issue_prescription", {{"problem", "示例问题"}}).status, 200);
        return id;
    }();
    return owner;
}

TEST(ListFiles, OfCasesHoldWhatTheListHoldsUnderTheSameFilter) {
    case_in("town_screening", village_a);
    case_in("town_screening", village_b);
    for (const auto* login : {"panel", "s-a", "v-b", "panel-x", "auditor"})
        for (const std::string filter :
             {"definition=village_lifecycle", "definition=village_lifecycle&state=town_screening",
              "definition=village_lifecycle&place=990100002"})
            EXPECT_THAT(column(list_of(login, "/cases.xlsx?" + filter), 0),
                        UnorderedElementsAreArray(numbers_at_api(login, "/cases?limit=100&" + filter)))
                << login << " " << filter;
}

TEST(ListFiles, OfPrescriptionsHoldEveryPageOfTheBoard) {
    const auto& owner = many_prescriptions();
    const auto rows = list_of("s-a", "/prescriptions.xlsx?state=all");
    EXPECT_GT(rows.size(), 100U);
    EXPECT_THAT(column(rows, 0),
                UnorderedElementsAreArray(numbers_at_api("s-a", "/cases?limit=100&definition=prescription")));
    const auto page = as("s-a").browse("/prescriptions?state=all&lang=zh-CN").body;
    EXPECT_THAT(page, HasSubstr("共 " + std::to_string(rows.size()) + " 张"));
    EXPECT_THAT(page, HasSubstr("href=\"/prescriptions.xlsx?state=all\""));
    EXPECT_THAT(list_of("s-b", "/prescriptions.xlsx?state=all"), IsEmpty()) << owner; // another town's
}

TEST(ListFiles, HoldNoFormulaWhoeverWroteIt) {
    const auto convened = as("secretary")
                              .open("committee_meeting", district_a,
                                    {{"title", "=HYPERLINK(\"http://evil.example\")"},
                                     {"meeting_on", District::the().app().today()},
                                     {"chair", District::id("chair")},
                                     {"agenda", {case_with_open_ballot(false)}}});
    ASSERT_EQ(convened.status, 201) << convened.body;
    const auto titles = column(list_of("auditor", "/cases.xlsx?definition=committee_meeting"), 1);
    EXPECT_THAT(titles, Contains("'=HYPERLINK(\"http://evil.example\")"));
    EXPECT_THAT(titles, Not(Contains(testing::StartsWith("="))));
}

TEST(ListFiles, OfTheWorklistHoldItsBoxAndItsFilter) {
    many_prescriptions();
    for (const std::string box : {"todo", "done", "started", "watching"}) {
        const auto work = as("s-a").get("/worklist?limit=100&box=" + box).json();
        const auto rows = list_of("s-a", "/work.xlsx?box=" + box);
        EXPECT_EQ(std::to_string(rows.size()), work.at("total").dump()) << box;
    }
    const auto titles = column(list_of("s-a", "/work.xlsx?definition=village_lifecycle"), 1);
    const auto work = as("s-a").get("/worklist?limit=100&definition=village_lifecycle").json();
    std::vector<std::string> expected;
    for (const auto& item : work.at("items")) expected.push_back(item.at("title"));
    EXPECT_THAT(titles, UnorderedElementsAreArray(expected));
}

TEST(ListFiles, NobodyFindsWhatLiesElsewhere) {
    case_in("town_screening", village_a);
    case_in("town_screening", village_b);
    for (const auto* login : {"v-a", "s-a", "o-a", "commander", "panel-x", "v-x", "nobody", "sysadmin"})
        for (const std::string path :
             {"/cases.xlsx", "/cases.xlsx?place=990100002201", "/cases.xlsx?text=%E8%A5%BF%E4%B8%80", "/work.xlsx",
              "/work.xlsx?text=%E8%A5%BF%E4%B8%80", "/prescriptions.xlsx?place=990100002201"}) {
            const auto file = as(login).browse(path);
            ASSERT_EQ(file.status, 200) << login << path;
            for (const auto& [part, content] : unpacked(file.body))
                EXPECT_THAT(content, Not(HasSubstr("西一村"))) << login << " " << path << " " << part;
        }
}

TEST(ListFiles, SayWhichFilterMadeThemWhenAndForWhom) {
    const auto file = as("panel").browse("/cases.xlsx?state=town_screening&place=990100002&cursor=x&lang=zh-CN");
    ASSERT_EQ(file.status, 200);
    const auto about = sheet_rows(file.body, 2);
    EXPECT_THAT(about, Contains(ElementsAre("条件：环节", "镇街筛查")));
    EXPECT_THAT(about, Contains(ElementsAre("条件：镇街", "示例西镇")));
    EXPECT_THAT(about, Contains(ElementsAre("网址", "/cases?place=990100002&state=town_screening")));
    EXPECT_THAT(about, Contains(ElementsAre("导出人", HasSubstr("(panel)"))));
    EXPECT_THAT(about, Contains(ElementsAre("导出时间", testing::StartsWith(District::the().app().today()))));
    const auto all = sheet_rows(as("panel").browse("/prescriptions.xlsx?lang=zh-CN").body, 2);
    EXPECT_THAT(all, Contains(ElementsAre("条件：环节", "未办结")));
    EXPECT_EQ(file.header("Content-Type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    EXPECT_THAT(file.header("Content-Disposition"), HasSubstr("attachment; "));
    EXPECT_EQ(file.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(file.header("Cache-Control"), "no-store");
}

TEST(ListFiles, ThatAreTooLongAreCutAndSaySo) {
    many_prescriptions();
    auto& config = District::the().app().config;
    const auto usual = std::exchange(config.export_rows_max, 100);
    const auto file = as("s-a").browse("/prescriptions.xlsx?state=all&lang=zh-CN");
    config.export_rows_max = usual;
    ASSERT_EQ(file.status, 200);
    const auto rows = sheet_rows(file.body, 1);
    ASSERT_EQ(rows.size(), 1U + 100U + 1U); // head, rows, notice
    EXPECT_THAT(rows.back().front(), HasSubstr("名单不完整：只导出前 100 条"));
    EXPECT_THAT(sheet_rows(file.body, 2).front(), ElementsAre("注意", HasSubstr("名单不完整")));
    EXPECT_EQ(usual, 10'000);
    const auto whole = as("s-a").browse("/prescriptions.xlsx?state=all&lang=zh-CN");
    EXPECT_THAT(sheet_rows(whole.body, 2), Not(Contains(Contains("注意"))));
}

TEST(ListFiles, AreTwoClicksFromHome) {
    many_prescriptions();
    case_in("town_screening", village_a2);
    const auto home = as("s-a").browse("/").body;
    for (const std::string path : {"/work", "/cases", "/prescriptions"}) {
        EXPECT_THAT(home, HasSubstr("href=\"" + path + "\""));
        const std::string filter = path == "/prescriptions" ? "?state=all" : ""; // other tests close them
        EXPECT_THAT(as("s-a").browse(path + filter).body, HasSubstr("href=\"" + path + ".xlsx" + filter + "\""));
    }
}

} // namespace
} // namespace cunmai::test
