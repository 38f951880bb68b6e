// The minutes of a meeting as a Word document: the same content as the page, for the same persons.
#include "tests/integration/api/objects.hpp"
#include "tests/support/office_file.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace cunmai::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

void done(const Answer& answer) { ASSERT_THAT(answer.status, testing::AnyOf(200, 201)) << answer.body; }

std::string meeting_of(const std::string& id) {
    for (const auto& event : as("auditor").get("/cases/" + id + "/history?limit=100").list())
        if (event.at("command") == "open_ballot") return event.at("payload").value("meeting", "");
    ADD_FAILURE() << id << " has no ballot";
    return "";
}

std::string unescaped(std::string text) {
    for (const auto& [from, to] :
         {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}})
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
            text.replace(at, std::string_view(from).size(), to);
    return text;
}

std::vector<std::string> split(const std::string& text, const std::string& by) {
    std::vector<std::string> pieces;
    for (std::size_t at = 0;;) {
        const auto end = text.find(by, at);
        if (const auto piece = text.substr(at, end == std::string::npos ? end : end - at);
            piece.find_first_not_of(" \r\n") != std::string::npos)
            pieces.push_back(piece);
        if (end == std::string::npos) return pieces;
        at = end + by.size();
    }
}

// The texts of the sheet on the page, piece by piece, as a reader sees them.
std::vector<std::string> pieces_of(const std::string& page) {
    const auto begin = page.find("<article class=\"sheet\""), end = page.find("</main>");
    auto sheet = page.substr(begin, end - begin);
    sheet = std::regex_replace(sheet, std::regex("<span class=\"visually-hidden\">[^<]*</span>"), "");
    sheet = std::regex_replace(sheet, std::regex("<[^>]*>"), "\n");
    std::vector<std::string> pieces;
    for (const auto& line : split(sheet, "\n"))
        for (const auto& piece : split(unescaped(line), " · ")) pieces.push_back(piece);
    return pieces;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

std::string without_space(std::string text) {
    std::erase_if(text, [](char byte) { return byte == ' ' || byte == '\n'; });
    return text;
}

struct Both {
    std::vector<std::string> page, document;
};

// Page and document must contain all texts of each other.
Both same_on_both(const std::string& login, const std::string& meeting, const std::string& language = "zh-CN") {
    const auto address = "/meetings/" + meeting + "/minutes";
    const auto page = as(login).browse(address + "?lang=" + language);
    const auto file = as(login).browse(address + ".docx?lang=" + language);
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(file.status, 200) << file.body;
    const Both both{pieces_of(page.body), paragraphs(file.body)};
    EXPECT_GT(both.page.size(), 10U);
    const auto page_text = without_space(joined(both.page)), document_text = without_space(joined(both.document));
    for (const auto& piece : both.page) EXPECT_THAT(document_text, HasSubstr(without_space(piece)));
    const std::regex own(language == "en" ? "(^(Name|Reason)$)|: |, "
                                          : "(^(姓名|理由)$)|：|、"); // heads and marks between
    for (const auto& paragraph : both.document)
        for (const auto& part : split(std::regex_replace(paragraph, own, " · "), " · "))
            EXPECT_THAT(std::regex_replace(page_text, own, ""), HasSubstr(without_space(part)));
    return both;
}

TEST(Minutes, OfNamedVotesSayInWordWhatThePageSays) {
    const auto id = case_with_open_ballot(false);
    const auto meeting = meeting_of(id);
    const auto open = same_on_both("secretary", meeting);
    EXPECT_THAT(joined(open.document), HasSubstr("投票结束前")); // sealed
    done(as("m1").give(id, "cast_vote", {{"choice", "reject"}, {"reason", "示例 <理由> & \"引号\""}}));
    EXPECT_THAT(joined(same_on_both("secretary", meeting).document), Not(HasSubstr("<理由>")));
    done(as("m2").give(id, "recuse", {{"reason", "示例亲属"}}));
    done(as("chair").give(id, "cast_vote", {{"choice", "approve"}}));
    done(as("secretary").give(id, "close_ballot", {{"minutes", "示例纪要 <第一行>\n第二行 & \"引号\""}}));
    done(as("secretary").give(meeting, "close_meeting", {{"minutes", "会议纪要一\n会议纪要二"}}));
    for (const auto* language : {"zh-CN", "en"}) {
        const auto both = same_on_both("auditor", meeting, language);
        EXPECT_THAT(both.document, Contains("示例 <理由> & \"引号\""));
        EXPECT_THAT(both.document, Contains("第二行 & \"引号\""));
        EXPECT_THAT(both.document, Contains("会议纪要二"));
    }
    const auto both = same_on_both("auditor", meeting);
    EXPECT_THAT(both.document, Contains("到会：示例·chair、示例·m1、示例·m2"));
    EXPECT_THAT(both.document, Contains("到会：2 人（至少须 1 人）"));
    EXPECT_THAT(joined(both.document), HasSubstr("回避 1 人，应到 2 人"));
    EXPECT_THAT(joined(both.document), HasSubstr("反对"));
}

TEST(Minutes, OfASecretBallotNameNobodysChoice) {
    const auto id = case_with_open_ballot(true);
    const auto meeting = meeting_of(id);
    for (const auto* member : {"m1", "m2", "chair"}) done(as(member).give(id, "cast_vote", {{"choice", "approve"}}));
    same_on_both("secretary", meeting);
    done(as("secretary").give(id, "close_ballot", {{"minutes", "示例"}}));
    const auto both = same_on_both("secretary", meeting);
    EXPECT_THAT(joined(both.document), HasSubstr("无记名表决，不保留个人选择"));
    EXPECT_THAT(both.document, Not(Contains("姓名")));
}

TEST(Minutes, AreForThoseWhoSeeTheMeetingOnly) {
    const auto meeting = Objects::the().meeting;
    const auto path = "/meetings/" + meeting + "/minutes";
    for (const auto& login : District::everybody())
        EXPECT_EQ(as(login).browse(path + ".docx").status, as(login).browse(path).status) << login;
    EXPECT_EQ(as("panel-x").browse(path + ".docx").status, 404);
    EXPECT_EQ(as("panel").browse("/meetings/" + Objects::the().case_a + "/minutes.docx").status, 404); // no meeting
}

TEST(Minutes, AreAnAttachmentUnderASafeName) {
    const auto file = as("auditor").browse("/meetings/" + Objects::the().meeting + "/minutes.docx?lang=zh-CN");
    EXPECT_EQ(file.header("Content-Type"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    EXPECT_THAT(file.header("Content-Disposition"), HasSubstr("attachment; filename=\""));
    EXPECT_THAT(file.header("Content-Disposition"), HasSubstr("filename*=UTF-8''%E7%A4%BA"));
    EXPECT_THAT(file.header("Content-Disposition"), testing::EndsWith(".docx"));
    EXPECT_EQ(file.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(file.header("Content-Security-Policy"), "sandbox; default-src 'none'");
    EXPECT_EQ(file.header("Cache-Control"), "no-store");
}

} // namespace
} // namespace cunmai::test
