// Excel workbooks: rows as they were given, all of them text, none of them a formula, the head always in sight.
#include "adapters/files/xlsx.hpp"
#include "tests/support/office_file.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cunmai::test {

namespace {

using ::testing::ElementsAre;

class Xlsx : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = std::filesystem::temp_directory_path().string() + "/cunmai-xlsx-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string file() const { return folder_ + "/list.xlsx"; }
    std::string content() const {
        std::ostringstream bytes;
        bytes << std::ifstream(file(), std::ios::binary).rdbuf();
        return bytes.str();
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()));
    }
    std::string folder_;
};

TEST_F(Xlsx, HoldsItsRowsAsTextOnEverySheet) {
    xlsx::Workbook book(file(), folder_, "示例 <&> \x01");
    book.sheet("列表", {{"编号", 20}, {"名称", 30}});
    book.row({"00012", "示例 <&\"'> \x01\x1b村"});
    book.row({"990101204-20261123/3", ""});
    book.sheet("说明", {{"", 10}, {"", 40}});
    book.row({"导出人", "示例"});
    book.close();
    EXPECT_THAT(sheet_rows(content(), 1),
                ElementsAre(ElementsAre("编号", "名称"), ElementsAre("00012", "示例 <&\"'> 村"),
                            ElementsAre("990101204-20261123/3", "")));
    EXPECT_THAT(sheet_rows(content(), 2), ElementsAre(ElementsAre("导出人", "示例")));
    EXPECT_EQ(files(), 1U); // nothing is left behind
}

TEST_F(Xlsx, TheHeadStaysInSightAndCanBeFiltered) {
    xlsx::Workbook book(file(), folder_, "示例");
    book.sheet("列表", {{"编号", 20}, {"名称", 30}});
    book.row({"1", "2"});
    book.close();
    const auto sheet = parsed_xml(unpacked(content()).at("xl/worksheets/sheet1.xml"));
    const auto* pane = element(sheet->documentElement(), "pane");
    EXPECT_EQ(pane->getAttribute("state"), "frozen");
    EXPECT_EQ(pane->getAttribute("ySplit"), "1");
    EXPECT_EQ(element(sheet->documentElement(), "autoFilter")->getAttribute("ref"), "A1:B2");
}

TEST_F(Xlsx, AListOfNothingIsAFileToo) {
    xlsx::Workbook book(file(), folder_, "");
    book.sheet("列表", {{"编号", 20}});
    book.close();
    EXPECT_THAT(sheet_rows(content(), 1), ElementsAre(ElementsAre("编号")));
}

TEST_F(Xlsx, ThatIsGivenUpLeavesNothingBehind) {
    {
        xlsx::Workbook book(file(), folder_, "示例");
        book.sheet("列表", {{"编号", 20}});
        book.row({"1"});
    }
    EXPECT_LE(files(), 1U); // the file itself is its maker's
}

TEST(Cells, ThatBeginLikeAFormulaAreNone) {
    for (const std::string text :
         {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x"})
        EXPECT_EQ(xlsx::harmless(text), "'" + text);
    for (const std::string text : {"1=1", "a-b", "示例", "", " x", "1\t2"}) EXPECT_EQ(xlsx::harmless(text), text);
    EXPECT_EQ(xlsx::harmless("\x01=1"), "'=1"); // what is left out hides nothing
}

TEST(Cells, AreNotLongerThanExcelTakes) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "村";
    const auto cell = xlsx::harmless(text);
    EXPECT_LE(cell.size(), 32'767U);
    EXPECT_EQ(cell.size() % 3, 0U); // whole characters
}

} // namespace

} // namespace cunmai::test
