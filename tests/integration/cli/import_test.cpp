// The register of places: all or nothing, repeatable, each bad row named with its line and why.
#include "adapters/services/register.hpp"
#include "adapters/words/texts.hpp"
#include "tests/support/demo_app.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace cunmai::test {

namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string header = "code,name,parent,level\n";
const std::string district = "900,示例区,,district\n";
const std::string town = "900001,示例镇,900,town\n";
const std::string village = "900001201,示例村,900001,village\n";
const std::string whole = header + district + town + village;

using Bad = std::pair<std::size_t, std::string>; // line, why
std::vector<Bad> bad_rows(const std::string& content, const std::vector<engine::Place>& known = {}) {
    std::vector<Bad> rows;
    for (const auto& row : import::read_register(content, known).bad) {
        rows.emplace_back(row.line, row.code);
        for (const auto* language : {"zh-CN", "en"}) {
            EXPECT_TRUE(texts::has(language, "import." + row.code)) << row.code;
            EXPECT_EQ(texts::text(language, "import." + row.code, row.facts).find('{'), std::string::npos) << row.code;
        }
    }
    return rows;
}

TEST(Register, OfAWholeFileHasPathsAndParentsFirst) {
    const auto read = import::read_register(header + village + town + district, {}); // in any order
    ASSERT_THAT(read.bad, IsEmpty());
    ASSERT_THAT(read.places, SizeIs(3));
    EXPECT_EQ(read.places[0].path, "/900/");
    EXPECT_EQ(read.places[1].path, "/900/900001/");
    EXPECT_EQ(read.places[2].path, "/900/900001/900001201/");
    EXPECT_EQ(read.places[2].level, "village");
}

TEST(Register, TakesAByteOrderMarkCarriageReturnsQuotesAndBlankLinesAtTheEnd) {
    const auto read = import::read_register(
        "\xEF\xBB\xBF"
        "code,name,parent,level\r\n900,\"示例区, \"\"甲\"\"\",,district\r\n\"900001\",示例镇,900,town\r\n\r\n\r\n",
        {});
    ASSERT_THAT(read.bad, IsEmpty());
    EXPECT_EQ(read.places[0].name, "示例区, \"甲\"");
    EXPECT_EQ(read.towns, 1u);
}

TEST(Register, ACommunityStandsInTheVillagesTier) {
    const auto read = import::read_register(header + district + town + "900001001,示例社区,900001,community\n", {});
    ASSERT_THAT(read.bad, IsEmpty());
    EXPECT_EQ(read.places[2].level, "village");
    EXPECT_EQ(read.villages, 0u);
    EXPECT_EQ(read.communities, 1u);
}

TEST(Register, NamesEachBadRowWithItsLineAndWhy) {
    EXPECT_THAT(bad_rows(""), ElementsAre(Bad{1, "empty_file"}));
    EXPECT_THAT(bad_rows("code;name;parent;level\n"), ElementsAre(Bad{1, "wrong_header"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例村,900001\n"), ElementsAre(Bad{5, "wrong_columns"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例村,900001,village,x\n"), ElementsAre(Bad{5, "wrong_columns"}));
    EXPECT_THAT(bad_rows(whole + "\n" + "900001202,示例村,900001,village\n"), ElementsAre(Bad{5, "wrong_columns"}))
        << "a blank line inside";
    EXPECT_THAT(bad_rows(whole + ",示例村,900001,village\n"), ElementsAre(Bad{5, "empty_code"}));
    EXPECT_THAT(bad_rows(whole + "900001202, ,900001,village\n"), ElementsAre(Bad{5, "empty_name"}));
    EXPECT_THAT(bad_rows(whole + "9/../1,示例村,900001,village\n"), ElementsAre(Bad{5, "bad_code"}));
    EXPECT_THAT(bad_rows(whole + std::string(33, '9') + ",示例村,900001,village\n"),
                ElementsAre(Bad{5, "code_too_long"}));
    EXPECT_THAT(bad_rows(whole + "900001202," + std::string(101, 'x') + ",900001,village\n"),
                ElementsAre(Bad{5, "name_too_long"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例村,900001,hamlet\n"), ElementsAre(Bad{5, "unknown_level"}));
    EXPECT_THAT(bad_rows(whole + village), ElementsAre(Bad{5, "duplicate_code"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例村,,village\n"), ElementsAre(Bad{5, "parent_missing"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例村,900002,village\n"), ElementsAre(Bad{5, "unknown_parent"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例村,900,village\n"), ElementsAre(Bad{5, "wrong_level"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示例镇,900001,town\n"), ElementsAre(Bad{5, "wrong_level"}));
    EXPECT_THAT(bad_rows(whole + "901,示例区,900,district\n"), ElementsAre(Bad{5, "wrong_level"}))
        << "a district below a district";
    EXPECT_THAT(bad_rows(whole + "900001202,示例\xB4\xE5,900001,village\n"), ElementsAre(Bad{5, "broken_utf8"}));
    EXPECT_THAT(bad_rows(whole + "900001202,\xED\xA0\x80,900001,village\n"), ElementsAre(Bad{5, "broken_utf8"}))
        << "a surrogate";
    EXPECT_THAT(bad_rows(whole + "900001202,\xC0\xAF,900001,village\n"), ElementsAre(Bad{5, "broken_utf8"}))
        << "overlong";
    EXPECT_THAT(bad_rows(whole + "900001202,\xE7\xA4,900001,village\n"), ElementsAre(Bad{5, "broken_utf8"}))
        << "cut short";
    EXPECT_THAT(bad_rows(whole + "900001202,\"示\n例\",900001,village\n"), ElementsAre(Bad{5, "control_character"}));
    EXPECT_THAT(bad_rows(whole + "900001202,a\0b,900001,village\n"s), ElementsAre(Bad{5, "control_character"}));
    EXPECT_THAT(bad_rows(whole + "900001202,\"示例,900001,village\n" + "x,y,z,w\n"),
                ElementsAre(Bad{5, "quote_unbalanced"}));
    EXPECT_THAT(bad_rows(whole + "900001202,示\"例\",900001,village\n"), ElementsAre(Bad{5, "quote_stray"}));
    EXPECT_THAT(bad_rows(whole + "900001202,\"示\"例,900001,village\n"), ElementsAre(Bad{5, "quote_stray"}));
}

TEST(Register, FindsCycles) {
    EXPECT_THAT(bad_rows(header + "1,甲,2,town\n2,乙,1,town\n"), ElementsAre(Bad{2, "cycle"}, Bad{3, "cycle"}));
    EXPECT_THAT(bad_rows(header + "1,甲,1,district\n"), ElementsAre(Bad{2, "cycle"}));
}

TEST(Register, NamesAllBadRowsInTheOrderOfTheirLines) {
    EXPECT_THAT(bad_rows(header + district + "1,甲,7,town\n" + town + "2,,900,town\n" + town),
                ElementsAre(Bad{3, "unknown_parent"}, Bad{5, "empty_name"}, Bad{6, "duplicate_code"}));
}

TEST(Register, CountsLinesInsideQuotes) {
    EXPECT_THAT(bad_rows(header + "900,\"示\n例\n区\",,district\n" + "x\n"),
                ElementsAre(Bad{2, "control_character"}, Bad{5, "wrong_columns"}));
}

TEST(Register, MayHangBelowWhatIsThereButMovesNothing) {
    const auto known = import::read_register(whole + "900002,示例乙镇,900,town\n", {}).places;
    EXPECT_THAT(bad_rows(header + "900001202,示例新村,900001,village\n", known), IsEmpty());
    EXPECT_THAT(bad_rows(header + "900001201,示例村,900002,village\n", known), ElementsAre(Bad{2, "parent_changed"}));
    EXPECT_THAT(bad_rows(header + "900002,示例乙镇,900001,village\n", known), ElementsAre(Bad{2, "level_changed"}));
}

TEST(Register, NeverFallsOverWhateverTheBytes) {
    for (const auto& base : {whole, header + "900,\"示\"\"例\",,district\r\n"})
        for (std::size_t at = 0; at < base.size(); ++at)
            for (const char byte : {'"', ',', '\n', '\r', '\0', '\xFF', '\xE4'}) {
                auto content = base;
                content[at] = byte;
                import::read_register(content, {});
                import::read_register(content.substr(0, at), {});
            }
}

class ImportRegister : public ::testing::Test {
  protected:
    DemoApp app;
};

TEST_F(ImportRegister, IsRepeatableWithoutChangeAndRenames) {
    const auto first = import::import_register(*app, whole, false);
    EXPECT_EQ(first.counts.inserted, 3);
    const auto again = import::import_register(*app, whole, false);
    EXPECT_EQ(again.counts.inserted + again.counts.changed, 0);
    EXPECT_EQ(again.counts.unchanged, 3);
    const auto renamed =
        import::import_register(*app, header + district + town + "900001201,示例新村,900001,village\n", false);
    EXPECT_EQ(renamed.counts.changed, 1);
    EXPECT_EQ(app->places.find("900001201")->name, "示例新村");
}

TEST_F(ImportRegister, WritesNothingWhenOneRowIsBadOrWhenDry) {
    EXPECT_THAT(import::import_register(*app, whole + "x,y,z,village\n", false).read.bad, SizeIs(1));
    EXPECT_FALSE(app->places.find("900"));
    EXPECT_EQ(import::import_register(*app, whole, true).counts.inserted, 3);
    EXPECT_FALSE(app->places.find("900"));
}

TEST_F(ImportRegister, AWholeCountryIsReadInSeconds) {
    std::string content = header;
    for (int d = 100; d < 120; ++d) { // 620,420 rows
        const auto code = std::to_string(d);
        content += code + ",示例区,,district\n";
        for (int t = 100; t < 120; ++t) {
            content += code + std::to_string(t) + ",示例镇," + code + ",town\n";
            for (int v = 0; v < 1550; ++v)
                content += code + std::to_string(t) + std::to_string(10000 + v) + ",示例村," + code +
                           std::to_string(t) + ",village\n";
        }
    }
    const auto before = std::chrono::steady_clock::now();
    const auto read = import::read_register(content, {});
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    EXPECT_THAT(read.bad, IsEmpty());
    EXPECT_EQ(read.rows, 620'420u);
    EXPECT_LT(seconds, 30) << "unoptimised builds included";
    RecordProperty("seconds", std::to_string(seconds));
}

} // namespace

} // namespace cunmai::test
