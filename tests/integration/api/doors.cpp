#include "tests/integration/api/doors.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/services/sign_in.hpp"
#include "adapters/words/texts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace cunmai::cli {
int run(int argc, char** argv); // adapters/cli/shell.hpp, which needs the library that reads flags
}

namespace cunmai::test {

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::string encoded(const std::string& text) {
    static constexpr auto digits = "0123456789ABCDEF";
    std::string result;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        result += {'%', digits[code >> 4], digits[code & 15]};
    }
    return result;
}

std::string unescaped(std::string text) {
    for (const auto& [from, to] :
         {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
        text = replaced(std::move(text), from, to);
    return text;
}

struct Sentence { // of a reason, in English
    std::string code;
    std::vector<std::string> parts; // what is the same whatever the facts between them

    std::size_t length() const {
        std::size_t sum = 0;
        for (const auto& part : parts) sum += part.size();
        return sum;
    }
    bool fits(const std::string& text) const {
        if (parts.size() == 1) return text == parts.front();
        if (text.rfind(parts.front(), 0) != 0) return false;
        auto at = parts.front().size();
        for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
            at = text.find(parts[i], at);
            if (at == std::string::npos) return false;
            at += parts[i].size();
        }
        const auto& last = parts.back();
        return text.size() >= at + last.size() && text.compare(text.size() - last.size(), last.size(), last) == 0;
    }
};

const std::vector<Sentence>& sentences() {
    static const auto all = [] {
        std::vector<Sentence> list;
        for (const auto& key : texts::keys("en")) {
            if (key.rfind("reason.", 0) != 0) continue;
            Sentence sentence{key.substr(7), {""}};
            bool is_fact = false;
            for (const char byte : texts::text("en", key, Json::object())) {
                if (byte == '{') {
                    is_fact = true;
                    sentence.parts.emplace_back();
                } else if (byte == '}') {
                    is_fact = false;
                } else if (!is_fact) {
                    sentence.parts.back() += byte;
                }
            }
            list.push_back(std::move(sentence));
        }
        return list;
    }();
    return all;
}

// The code of the reason that is told by this sentence: of several that fit, the one with the most words of its own.
std::string code_told_by(const std::string& sentence) {
    const Sentence* best = nullptr;
    for (const auto& one : sentences())
        if ((!best || one.length() > best->length()) && one.fits(sentence)) best = &one;
    return best ? best->code : "no reason's sentence: " + sentence;
}

// What stands between two marks, from `at`; moves `at` behind it.
std::string between(const std::string& text, std::size_t& at, const std::string& from, const std::string& to) {
    const auto begin = text.find(from, at) + from.size(), end = text.find(to, begin);
    at = end + to.size();
    return text.substr(begin, end - begin);
}

// The list at the top of a page whose form was refused (templates/pages/_layout/error_summary.html).
std::multimap<std::string, std::string> reasons_on(const std::string& page, const Values& api_names) {
    std::multimap<std::string, std::string> reasons;
    auto at = page.find("class=\"error-summary\"");
    if (at == std::string::npos) return reasons;
    const auto list = between(page, at, "<ul>", "</ul>");
    for (std::size_t i = 0; (i = list.find("<li>", i)) != std::string::npos;) {
        const auto item = between(list, i, "<li>", "</li>");
        std::size_t in_item = 0;
        const bool of_field = item.rfind("<a href", 0) == 0;
        const auto field = of_field ? between(item, in_item, "href=\"#f-", "\"") : "";
        const auto named = api_names.find(field);
        reasons.emplace(named == api_names.end() ? field : named->second,
                        code_told_by(unescaped(between(item, in_item, ">", "</"))));
    }
    return reasons;
}

const sign_in::Ticket& browser_of(const std::string& login) {
    static std::map<std::pair<const District*, std::string>, sign_in::Ticket> all;
    auto& district = District::the();
    const std::pair key{&district, login};
    if (!all.contains(key))
        all[key] = *sign_in::open(district.app(), *district.app().people.by_login(login), "browser", "");
    return all.at(key);
}

void expect_the_same(const Told& one, const Told& other, const Door& door, const std::string& what) {
    EXPECT_EQ(one.codes(), other.codes()) << what << "\n" << other.words.substr(0, 600);
    if (door.names_fields) { EXPECT_EQ(one.reasons, other.reasons) << what; }
}

} // namespace

std::multiset<std::string> Told::codes() const {
    std::multiset<std::string> all;
    for (const auto& [field, code] : reasons) all.insert(code);
    return all;
}

Told by_page(const std::string& login, const std::string& page, const Values& form, const Values& api_names) {
    const auto& ticket = browser_of(login);
    HttpClient browser(District::the().port());
    std::string body;
    for (const auto& [name, value] : form) body += (body.empty() ? "" : "&") + encoded(name) + "=" + encoded(value);
    const auto answer = browser.send({"POST",
                                      page,
                                      body,
                                      {{"Cookie", std::string(http::session_cookie_name) + "=" + ticket.token},
                                       {"Origin", "http://127.0.0.1:" + std::to_string(District::the().port())},
                                       {"X-CSRF-Token", ticket.csrf},
                                       {"Content-Type", "application/x-www-form-urlencoded"}}});
    Told told{answer.status == 302 || answer.status == 303, reasons_on(answer.body, api_names),
              std::to_string(answer.status) + " " + answer.body};
    if (!told.done && told.reasons.empty()) told.reasons.emplace("", "status " + std::to_string(answer.status));
    return told;
}

Told by_api(const std::string& login, const std::string& method, const std::string& path, const Json& body,
            std::map<std::string, std::string> headers) {
    if (!body.is_null()) headers.emplace("Content-Type", "application/json");
    const auto answer = as(login).raw(method, path, body.is_null() ? "" : body.dump(), std::move(headers));
    Told told{answer.status < 300, {}, std::to_string(answer.status) + " " + answer.body};
    const auto problem = answer.json();
    if (problem.is_object() && problem.contains("reasons"))
        for (const auto& reason : problem["reasons"]) told.reasons.emplace(reason.value("field", ""), reason["code"]);
    if (!told.done && told.reasons.empty()) told.reasons.emplace("", "status " + std::to_string(answer.status));
    return told;
}

Told by_command_line(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "cunmai");
    const auto flags_end = std::find(arguments.begin(), arguments.end(), "--"); // what follows are no flags
    arguments.insert(flags_end, {"--lang=en", "--data=" + District::the().folder()});
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = cli::run(static_cast<int>(pointers.size()), pointers.data());
    std::istringstream errors(::testing::internal::GetCapturedStderr());
    Told told{code == 0, {}, std::to_string(code) + " " + ::testing::internal::GetCapturedStdout() + errors.str()};
    const std::string before = "cunmai: ";
    for (std::string line; std::getline(errors, line);)
        if (line.rfind(before, 0) == 0) told.reasons.emplace("", code_told_by(line.substr(before.size())));
    return told;
}

std::vector<Bad> bad_lines(const std::string& field, std::size_t length_max) {
    std::string too_long;
    for (std::size_t i = 0; i <= length_max; ++i) too_long += "村";
    return {{field, "", "missing"},
            {field, "  ", "missing"},
            {field, "\xE3\x80\x80", "missing"},             // U+3000, the blank of Chinese keyboards
            {field, "\xE2\x80\x8B\xC2\xA0", "missing"},     // U+200B and U+00A0, as copied from web pages
            {field, "\xE2\x80\x8D\xEF\xBB\xBF", "missing"}, // U+200D and U+FEFF
            {field, too_long, "too_long"},
            {field, "示\x01例", "control_character"},
            {field, "示\x1B例", "control_character"},
            {field, "示\xE2\x80\x8B例", "control_character"},  // U+200B between others
            {field, "示\xE2\x80\xAE例", "control_character"}}; // U+202E turns the direction of what follows
}

void expect_refused_alike(const std::vector<Door>& doors, const Values& good, const std::vector<Bad>& bad,
                          const std::function<Json()>& look) {
    const auto before = look();
    for (const auto& one : bad) {
        auto values = good;
        values[one.field] = one.value;
        std::optional<Told> first;
        for (const auto& door : doors) {
            const auto what = door.name + ": " + one.field + " = \"" + one.value.substr(0, 60) + "\"";
            const auto told = door.give(values);
            EXPECT_FALSE(told.done) << what;
            EXPECT_EQ(told.reasons.size(), 1U) << what << "\n" << told.words.substr(0, 600);
            if (!one.code.empty()) {
                EXPECT_EQ(told.codes(), std::multiset<std::string>{one.code}) << what << "\n"
                                                                              << told.words.substr(0, 600);
            }
            if (first) expect_the_same(*first, told, door, what + ", told otherwise than by " + doors.front().name);
            if (!first) first = told;
            EXPECT_EQ(look(), before) << what;
        }
    }
}

void expect_done_alike(const std::vector<Door>& doors, const Values& good,
                       const std::function<Json(const Values&)>& look) {
    std::string first;
    for (std::size_t i = 0; i < doors.size(); ++i) {
        auto values = good;
        for (auto& [field, value] : values) value = replaced(value, "#", std::to_string(i));
        const auto told = doors[i].give(values);
        EXPECT_TRUE(told.done) << doors[i].name << ": " << told.words.substr(0, 2000);
        auto seen = look(values).dump(1);
        for (const auto& [field, value] : values)
            if (value != good.at(field)) seen = replaced(seen, value, good.at(field));
        if (i == 0) first = seen;
        EXPECT_EQ(seen, first) << doors[i].name << " left something else than " << doors.front().name;
    }
}

} // namespace cunmai::test
