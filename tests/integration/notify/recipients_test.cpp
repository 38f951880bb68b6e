// Who gets a notice, and in which language: every line of the reviewed table of notices (tests/unit/workflows) is
// delivered in a district where each role has two holders of two languages, and others who must not hear of it.
#include "adapters/app/background.hpp"
#include "tests/support/demo_app.hpp"
#include "tests/support/smtp_receiver.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace cunmai::test {

namespace {

struct Line {
    std::string topic, qualifier;
    std::vector<std::string> roles, params;
    bool names_people = false;
};

std::vector<std::string> words_of(const std::string& text) { // "a, b", or "-" for none
    std::vector<std::string> words;
    std::istringstream in(text == "-" ? "" : text);
    for (std::string word; std::getline(in >> std::ws, word, ',');) words.push_back(word);
    return words;
}

std::vector<Line> table() {
    std::vector<Line> lines;
    std::ifstream in(std::filesystem::path(__FILE__).parent_path() / "../../unit/workflows/notices.txt");
    for (std::string text; std::getline(in, text);) {
        if (text.empty() || text.front() == '#') continue;
        std::vector<std::string> parts;
        std::size_t at = text.find(": ") + 2;
        for (auto end = text.find(" | ", at); end != std::string::npos; at = end + 3, end = text.find(" | ", at))
            parts.push_back(text.substr(at, end - at));
        parts.push_back(text.substr(at));
        if (parts.size() != 5) {
            ADD_FAILURE() << "not a line of the table: " << text;
            continue;
        }
        lines.push_back(
            {parts[0], parts[2] == "-" ? "" : parts[2], words_of(parts[1]), words_of(parts[4]), parts[3] != "-"});
    }
    return lines;
}

bool has_han(const std::string& text) { // U+4E00 … U+9FFF
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first >= 0xe4 && first <= 0xe9) return true;
    }
    return false;
}

constexpr const char* village = "990100001201";
const std::string domain = "@recipients.test";

class Recipients : public ::testing::Test {
  protected:
    // `login` says which language: it ends with -en or not.
    void add(const std::string& login, const std::string& role, const std::string& qualifier,
             const std::string& place) {
        db::Person person;
        person.id.text = login;
        person.login = login;
        person.name = "张三";
        person.email = login + domain;
        person.language = login.ends_with("-en") ? "en" : "zh-CN";
        person.active = login.find("-left") == std::string::npos;
        app->people.add(person);
        if (role.empty()) return;
        const auto found = *app->places.find(place);
        app->people.add_grant({"g-" + login, person.id, role, qualifier, found.code, found.path, found.name,
                               app->clock.now(), engine::system_person});
    }

    void fill(const std::vector<Line>& lines) {
        std::set<std::pair<std::string, std::string>> kinds;
        for (const auto& line : lines)
            for (const auto& role : line.roles) kinds.emplace(role, line.qualifier);
        for (const auto& [role, qualifier] : kinds) {
            const auto name = role + (qualifier.empty() ? "" : "." + qualifier);
            const auto hold = [&](const std::string& who, const std::string& held, const std::string& place) {
                add(name + "-" + who, role, held, place);
                if (who.find("left") == std::string::npos && place.size() <= 9 && place != "990100002")
                    holders[role].emplace_back(name + "-" + who, held);
            };
            hold("zh", qualifier, "990100001");
            hold("en", qualifier, "990100");
            hold("left-zh", qualifier, "990100001");
            hold("far-zh", qualifier, "990100002");
            hold("neighbour-zh", qualifier, "990100001202");
            if (qualifier.empty()) continue;
            hold("longer-zh", qualifier + "_2", "990100001");
            hold("shorter-zh", qualifier.substr(0, qualifier.size() - 1), "990100001");
        }
        for (const auto* who : {"named-zh", "named-en", "named-left-zh"}) add(who, "", "", "");
    }

    // The addresses that the line must reach.
    std::set<std::string> expected(const Line& line) {
        std::set<std::string> all;
        for (const auto& role : line.roles)
            for (const auto& [login, qualifier] : holders[role])
                if (line.qualifier.empty() || qualifier == line.qualifier) all.insert(login);
        if (line.names_people) all.insert({"named-zh", "named-en"});
        return all;
    }

    void post(const Line& line, const engine::CaseRow& row) {
        engine::Notice notice{line.topic, line.roles, line.qualifier, {}, Json::object()};
        if (line.names_people) { // one of them has the role, too, and hears of it once
            for (const auto* who : {"named-zh", "named-en", "named-left-zh"}) notice.people.push_back({who});
            if (!line.roles.empty())
                notice.people.push_back({*expected({"", line.qualifier, line.roles, {}, false}).begin()});
        }
        for (const auto& param : line.params) notice.params[param] = "张三";
        engine::Event event;
        event.case_id = row.id;
        event.at = app->clock.now();
        app->database.write([&](engine::Transaction& tx) { tx.post(row, event, notice); });
    }

    std::map<std::string, std::vector<std::pair<std::string, std::string>>> holders; // role → login, qualifier
    SmtpReceiver receiver;
    DemoApp app{[this](Config& config) {
        config.smtp_host = "127.0.0.1";
        config.smtp_port = receiver.port();
        config.mail_security = "none";
        config.mail_from = "cunmai@district.test";
    }};
};

TEST_F(Recipients, OfEveryNoticeAreThoseOfTheTableEachInTheirLanguage) {
    const auto lines = table();
    ASSERT_GT(lines.size(), 40U);
    const auto id = app.opens("panel1", "village_lifecycle", village, "open_targeted", {{"reason", "示例"}});
    settle(*app);
    fill(lines);
    const auto row = *app->cases.row(id);
    std::set<std::string> delivered; // topics, roles and qualifier: the same again tells nothing new
    for (const auto& line : lines) {
        const auto kind = line.topic + Json(line.roles).dump() + line.qualifier + (line.names_people ? "+" : "");
        if (!delivered.insert(kind).second) continue;
        SCOPED_TRACE(kind);
        const auto before = receiver.mails().size();
        post(line, row);
        settle(*app);
        const auto mails = receiver.mails();
        std::multiset<std::string> reached;
        for (auto i = before; i < mails.size(); ++i) {
            const auto& mail = mails[i];
            const auto at = mail.to.find(domain);
            if (at == std::string::npos) continue; // somebody of the demo
            const auto start = mail.to.find('<');
            const auto login = mail.to.substr(start == std::string::npos ? 0 : start + 1,
                                              start == std::string::npos ? at : at - start - 1);
            reached.insert(login);
            const auto& subject = mail.headers.at("subject");
            const bool chinese = !login.ends_with("-en");
            EXPECT_EQ(has_han(subject), chinese) << login << ": " << subject;
            EXPECT_EQ(has_han(mail.body), chinese) << login << ": " << mail.body;
            EXPECT_EQ(mail.body.find("张三"), std::string::npos) << login << ": " << mail.body;
            EXPECT_NE(mail.body.find("/cases/" + id.text), std::string::npos) << login;
            EXPECT_EQ(subject.find("notice."), std::string::npos) << "the topic has no words: " << subject;
        }
        const auto wanted = expected(line);
        EXPECT_EQ(reached, std::multiset<std::string>(wanted.begin(), wanted.end()));
        for (const auto& login : wanted) {
            const auto inbox = app->inbox.list({login}, true, 5, "", nullptr);
            ASSERT_EQ(inbox.size(), 1U) << login;
            EXPECT_EQ(inbox.front().topic, line.topic) << login;
            EXPECT_EQ(inbox.front().case_id, id) << login;
            app->inbox.mark_read({login}, "");
        }
        for (const auto* who : {"far", "neighbour", "left"})
            for (const auto& role : line.roles)
                EXPECT_TRUE(app->inbox.list({role + "-" + who + "-zh"}, false, 5, "", nullptr).empty()) << role << who;
    }
    EXPECT_GT(delivered.size(), 30U);
}

} // namespace

} // namespace cunmai::test
