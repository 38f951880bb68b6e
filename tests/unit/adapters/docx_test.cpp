// Word documents: whole, set as GB/T 9704-2012 wants them, the same bytes for the same content, and well-formed
// whatever the texts hold.
#include "adapters/files/docx.hpp"
#include "engine/text.hpp"
#include "tests/support/office_file.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

docx::Document sample(const std::string& language = "zh-CN") {
    docx::Document document(language, "示例纪要");
    document.heading(1, "示例");
    document.paragraph("第一行\r\n\n第二行");
    document.labelled("日期：", "2025-03-01");
    document.table("计票", {"表决", "票数"}, {{"赞成", "0"}, {"反对", ""}});
    document.note("打印");
    return document;
}

constexpr double mm = 1440 / 25.4;

TEST(Docx, HasEveryPartThatItNames) {
    const auto parts = unpacked(sample().packed());
    EXPECT_EQ(parts.size(), 11U); // no folders
    const auto types = parsed_xml(parts.at("[Content_Types].xml"));
    for (const auto* part : elements(types->documentElement(), "Override"))
        EXPECT_TRUE(parts.contains(part->getAttribute("PartName").substr(1))) << part->getAttribute("PartName");
    const auto links = parsed_xml(parts.at("word/_rels/document.xml.rels"));
    std::vector<std::string> known;
    for (const auto* link : elements(links->documentElement(), "Relationship")) {
        known.push_back(link->getAttribute("Id"));
        EXPECT_TRUE(parts.contains("word/" + link->getAttribute("Target"))) << link->getAttribute("Target");
    }
    const auto text = parsed_xml(parts.at("word/document.xml"));
    for (const auto* footer : elements(text->documentElement(), "w:footerReference"))
        EXPECT_THAT(known, Contains(footer->getAttribute("r:id")));
    std::vector<std::string> styles;
    const auto sheet = parsed_xml(parts.at("word/styles.xml"));
    for (const auto* style : elements(sheet->documentElement(), "w:style"))
        styles.push_back(style->getAttribute("w:styleId"));
    for (const auto* name : {"w:pStyle", "w:rStyle", "w:tblStyle"})
        for (const auto* used : elements(text->documentElement(), name))
            EXPECT_THAT(styles, Contains(used->getAttribute("w:val")));
}

TEST(Docx, IsSetAsTheStandardWants) {
    const auto parts = unpacked(sample().packed());
    const auto text = parsed_xml(parts.at("word/document.xml"));
    const auto number = [&](const char* name, const char* attribute) {
        return std::stod(element(text->documentElement(), name)->getAttribute(attribute));
    };
    EXPECT_NEAR(number("w:pgSz", "w:w") / mm, 210, 0.1);
    EXPECT_NEAR(number("w:pgSz", "w:h") / mm, 297, 0.1);
    EXPECT_NEAR(number("w:pgMar", "w:top") / mm, 37, 0.1);
    EXPECT_NEAR(number("w:pgMar", "w:bottom") / mm, 35, 0.1);
    EXPECT_NEAR(number("w:pgMar", "w:left") / mm, 28, 0.1);
    EXPECT_NEAR(number("w:pgMar", "w:right") / mm, 26, 0.1);
    const auto height = number("w:pgSz", "w:h") - number("w:pgMar", "w:top") - number("w:pgMar", "w:bottom");
    const auto width = number("w:pgSz", "w:w") - number("w:pgMar", "w:left") - number("w:pgMar", "w:right");
    EXPECT_EQ(element(text->documentElement(), "w:docGrid")->getAttribute("w:type"), "linesAndChars");
    EXPECT_EQ(static_cast<int>(height / number("w:docGrid", "w:linePitch")), 22);
    const auto character = 16 * 20 + number("w:docGrid", "w:charSpace") / 4096 * 20; // size 3 is 16 pt
    EXPECT_EQ(static_cast<int>(width / character), 28);

    const auto sheet = parsed_xml(parts.at("word/styles.xml"));
    std::map<std::string, std::pair<std::string, std::string>> faces; // by style: face, half points
    for (const auto* style : elements(sheet->documentElement(), "w:style")) {
        const auto fonts = elements(style, "w:rFonts"), sizes = elements(style, "w:sz");
        faces[style->getAttribute("w:styleId")] = {fonts.empty() ? "" : fonts[0]->getAttribute("w:eastAsia"),
                                                   sizes.empty() ? "" : sizes[0]->getAttribute("w:val")};
    }
    const auto* usual = element(sheet->documentElement(), "w:rPrDefault");
    EXPECT_EQ(element(usual, "w:rFonts")->getAttribute("w:eastAsia"), "仿宋_GB2312");
    EXPECT_EQ(element(usual, "w:sz")->getAttribute("w:val"), "32");
    const auto closer = std::stod(element(usual, "w:spacing")->getAttribute("w:val")); // without the grid, likewise
    EXPECT_EQ(static_cast<int>(width / (16 * 20 + closer)), 28);
    EXPECT_EQ(element(element(sheet->documentElement(), "w:pPr"), "w:spacing")->getAttribute("w:line"),
              element(text->documentElement(), "w:docGrid")->getAttribute("w:linePitch"));
    EXPECT_EQ(faces["Title"], (std::pair<std::string, std::string>{"方正小标宋简体", "44"}));
    EXPECT_EQ(faces["Heading1"].first, "黑体");
    EXPECT_EQ(faces["Heading2"].first, "楷体_GB2312");
    EXPECT_EQ(faces["Footer"], (std::pair<std::string, std::string>{"宋体", "28"}));
    const auto fonts = parsed_xml(parts.at("word/fontTable.xml"));
    for (const auto* font : elements(fonts->documentElement(), "w:font"))
        EXPECT_TRUE(font->getAttribute("w:name") == "Times New Roman" || !elements(font, "w:altName").empty())
            << font->getAttribute("w:name");
}

TEST(Docx, NumbersHeadingsAsTheLanguageDoesAndPagesBetweenDashes) {
    EXPECT_THAT(unpacked(sample().packed()).at("word/numbering.xml"), HasSubstr("%1、"));
    EXPECT_THAT(unpacked(sample("en").packed()).at("word/numbering.xml"), Not(HasSubstr("、")));
    for (const auto* side : {"word/footer_odd.xml", "word/footer_even.xml"}) {
        const auto footer = parsed_xml(unpacked(sample().packed()).at(side));
        EXPECT_THAT(element(footer->documentElement(), "w:fldSimple")->getAttribute("w:instr"), HasSubstr("PAGE"));
        EXPECT_THAT(footer->documentElement()->innerText(), ::testing::MatchesRegex("— [12] —"));
    }
}

TEST(Docx, SaysWhatItWasToldLineByLine) {
    EXPECT_THAT(paragraphs(sample().packed()), ElementsAre("示例纪要", "示例", "第一行", "第二行", "日期：2025-03-01",
                                                           "计票", "表决", "票数", "赞成", "0", "反对", "", "打印"));
}

TEST(Docx, TheSameContentGivesTheSameBytes) { EXPECT_EQ(sample().packed(), sample().packed()); }

TEST(Docx, IsWellFormedWhateverTheTextsHold) {
    const std::string odd = "<w:t>&\"'{{title}}]]>\x01\x0b\x1b\xef\xbf\xbf\xff\t"
                            "尾";
    docx::Document document("zh-CN", odd);
    document.heading(2, odd);
    document.paragraph(odd);
    document.labelled(odd, odd);
    document.table(odd, {odd}, {{odd}});
    document.note(odd);
    const std::string kept = "<w:t>&\"'{{title}}]]>\t尾";
    EXPECT_THAT(paragraphs(document.packed()), ElementsAre(kept, kept, kept, kept + kept, kept, kept, kept, kept));
    EXPECT_THAT(unpacked(document.packed()).at("docProps/core.xml"), HasSubstr("&lt;w:t&gt;&amp;"));
}

TEST(Characters, OfXmlAreKeptAndNoOthers) {
    EXPECT_EQ(for_xml("a\tb\r\nc\x01\x00z"), "a\tb\r\nc");
    EXPECT_EQ(for_xml("中文 \xF0\x9F\x8F\xA0\xC2\x85"), "中文 \xF0\x9F\x8F\xA0\xC2\x85");
    EXPECT_EQ(for_xml("\xED\xA0\x80\xC0\x80\xEF\xBF\xBE.\x7F"), ".\x7F");
}

} // namespace

} // namespace cunmai::test
