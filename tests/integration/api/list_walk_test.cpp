// Every list of the API, walked by the cursors that it gives: the total is the number of rows, no row comes twice, and
// a filter brings exactly those rows of the whole list that have what was asked for. The lists and their filters are
// those of the route table; a filter without a meaning here fails the test.
#include "tests/integration/api/objects.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace cunmai::test {
namespace {

using Rows = std::vector<Json>;
using Meaning = std::function<bool(const Json& row, const std::string& asked)>;

Meaning equals(const std::string& member) {
    return [member](const Json& row, const std::string& asked) { return row.value(member, Json()) == asked; };
}

std::string text_of(const Json& row, const std::string& member) {
    const auto value = row.value(member, Json());
    return value.is_string() ? value.get<std::string>() : "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What a filter means, by list and name.
const std::map<std::string, std::map<std::string, Meaning>>& meanings() {
    static const std::map<std::string, std::map<std::string, Meaning>> all{
        {"/cases",
         {{"definition", equals("definition")},
          {"state", equals("state")},
          {"status", [](auto& row, auto& asked) { return row.at("final") == (asked == "final"); }},
          {"place", [](auto& row, auto& asked) { return has(row.at("place").at("path"), "/" + asked + "/"); }},
          {"category", equals("category")},
          {"colour", equals("colour")},
          {"round", equals("round")},
          {"parent", equals("parent")},
          {"due_before",
           [](auto& row, auto& asked) { return !text_of(row, "due_on").empty() && text_of(row, "due_on") <= asked; }},
          {"due_after", [](auto& row, auto& asked) { return text_of(row, "due_on") >= asked; }},
          {"text",
           [](auto& row, auto& asked) {
               return has(row.at("title"), asked) || has(row.at("place").at("name"), asked) ||
                      row.at("place").at("code") == asked || row.at("id") == asked;
           }}}},
        {"/worklist", {{"role", equals("role")}, {"definition", equals("definition")}}},
        {"/places",
         {{"level", equals("level")},
          {"within", [](auto& row, auto& asked) { return has(row.at("path"), "/" + asked + "/"); }},
          {"text", [](auto& row, auto& asked) { return has(row.at("name"), asked) || row.at("code") == asked; }}}},
        {"/people",
         {{"text",
           [](auto& row, auto& asked) {
               return has(row.at("name"), asked) || text_of(row, "id") == asked || has(text_of(row, "login"), asked);
           }}}},
        {"/notifications", {{"unread", [](auto& row, auto&) { return !row.at("read"); }}}},
        {"/access-log",
         {{"person", equals("person")},
          {"route", equals("route")},
          {"status",
           [](auto& row, auto& asked) { return std::to_string(row.at("status").template get<int>()) == asked; }},
          {"since", [](auto&, auto&) { return true; }}, // a day; the run is one: tests/integration/db/service_test.cpp
          {"until", [](auto&, auto&) { return true; }}}},
    };
    return all;
}

// These are compared with something else than the rows of the list: tests/integration/db/list_sums_test.cpp has all of
// them, with rows of its own.
const std::set<std::string> elsewhere{"/cases role",   "/cases involved",       "/cases sort",
                                      "/worklist box", "/worklist text",        "/worklist due",
                                      "/people role",  "/people/holders place", "/people/holders role"};

// Words and codes to ask for: those that rows have, and of a path its parts.
void add_values(const Json& value, std::set<std::string>& values) {
    if (value.is_string() && value.get_ref<const std::string&>().size() < 40) values.insert(value.get<std::string>());
    if (value.is_object())
        for (const auto& one : value) add_values(one, values);
}

std::string encoded(const std::string& text) {
    static const char* digits = "0123456789ABCDEF";
    std::string result;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (isalnum(byte) || letter == '-' || letter == '_')
            result += letter;
        else
            result += std::string("%") + digits[byte >> 4] + digits[byte & 15];
    }
    return result;
}

class ListWalk : public testing::Test {
  protected:
    struct Walked {
        Rows rows;
        int status = 0;
        std::optional<std::int64_t> total;
    };
    // `limit` is small, so that there are many pages.
    static Walked walk(const std::string& who, const std::string& path, const std::string& query, int limit) {
        Walked walked;
        std::string cursor;
        for (int pages = 0;; ++pages) {
            const auto answer = as(who).get(path + "?limit=" + std::to_string(limit) + query +
                                            (cursor.empty() ? "" : "&cursor=" + encoded(cursor)));
            walked.status = answer.status;
            if (answer.status != 200) return walked;
            const auto page = answer.json();
            const auto& items = page.at("items");
            walked.rows.insert(walked.rows.end(), items.begin(), items.end());
            if (page.contains("total")) walked.total = page.at("total").get<std::int64_t>();
            const auto next = page.at("next_cursor");
            if (next.is_null()) break;
            EXPECT_EQ(items.size(), static_cast<std::size_t>(limit))
                << path << query << ": a page in the middle is full";
            cursor = next.get<std::string>();
            if (pages > 3000) {
                ADD_FAILURE() << path << query << " has no end";
                break;
            }
        }
        return walked;
    }
    static std::vector<std::string> sorted(const Rows& rows) {
        std::vector<std::string> texts;
        for (const auto& row : rows) texts.push_back(row.dump());
        std::sort(texts.begin(), texts.end());
        return texts;
    }
};

TEST_F(ListWalk, EveryFilterBringsWhatItSays) {
    static_cast<void>(Objects::the());
    case_in("self_check", village_b);
    case_in("town_screening", village_a2);
    std::set<std::string> tried;
    for (const auto& route : District::the().routes()) {
        const auto path = route.pattern.substr(std::string("/api/v1").size());
        const auto& parameters = route.doc.parameters;
        const bool has_pages = std::any_of(parameters.begin(), parameters.end(),
                                           [](const http::Parameter& one) { return one.name == "cursor"; });
        const bool must_ask = std::any_of(parameters.begin(), parameters.end(),
                                          [](const http::Parameter& one) { return one.required && one.in == "query"; });
        if (!has_pages || must_ask || path.find('{') != std::string::npos) continue;
        const auto& known = meanings().contains(path) ? meanings().at(path) : meanings().begin()->second;
        for (const auto& login : {"v-a", "s-a", "auditor", "panel-x", "sysadmin", "auditadmin"}) {
            SCOPED_TRACE(path + " as " + login);
            const bool grows = path == "/access-log"; // with every request of this test
            const auto whole = walk(login, path, "", grows ? 100 : 7);
            if (whole.status != 200) continue;
            if (whole.total) { EXPECT_EQ(*whole.total, static_cast<std::int64_t>(whole.rows.size())); }
            const auto all = sorted(whole.rows);
            EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << "a row comes twice";
            if (grows) continue;
            std::set<std::string> values;
            for (const auto& row : whole.rows) add_values(row, values);
            for (const auto& parameter : parameters) {
                if (parameter.in != "query" || parameter.name == "limit" || parameter.name == "cursor") continue;
                const auto name = path + " " + parameter.name;
                if (elsewhere.contains(name)) continue;
                ASSERT_TRUE(meanings().contains(path) && known.contains(parameter.name))
                    << "say what " << name << " means";
                const auto& means = known.at(parameter.name);
                auto asked = values;
                if (parameter.schema.contains("enum")) asked = parameter.schema["enum"].get<std::set<std::string>>();
                if (parameter.schema.value("type", "") == "boolean") asked = {"true"};
                int compared = 0;
                for (const auto& value : asked) {
                    Rows wanted;
                    std::copy_if(whole.rows.begin(), whole.rows.end(), std::back_inserter(wanted),
                                 [&](const Json& row) { return means(row, value); });
                    if (wanted.empty() && compared > 3) continue; // a few that nothing has
                    if (wanted.size() == whole.rows.size() && compared > 3) continue;
                    if (++compared > 12) break;
                    const auto found = walk(login, path, "&" + parameter.name + "=" + encoded(value), 5);
                    if (found.status == 400) continue; // not of the parameter's shape
                    tried.insert(name);
                    EXPECT_EQ(sorted(found.rows), sorted(wanted)) << name << "=" << value;
                    if (found.total) { EXPECT_EQ(*found.total, static_cast<std::int64_t>(wanted.size())) << name; }
                }
            }
        }
    }
    EXPECT_GE(tried.size(), 16U) << Json(tried);
}

} // namespace
} // namespace cunmai::test
