// Role × route × query parameter: a parameter that names an object which the person may not know of is answered exactly
// like one that names nothing, on every route of the API and on every page. The API's parameters are those of the route
// table, the pages' are read from the sources, so that a new one is in the matrix by itself.
#include "tests/integration/api/objects.hpp"

#include "adapters/http/edge/cookies.hpp"
#include "adapters/http/pages/pages.hpp"
#include "adapters/services/sign_in.hpp"
#include "tests/support/office_file.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace cunmai::test {
namespace {

namespace files = std::filesystem;

// ---- what can be named ----------------------------------------------------------------------------------------------

struct Named {
    std::string kind, value, missing; // `missing` looks the same and does not exist
    std::string place, owner;         // where it lies, or whose it is; a person is known to those who see their place
    std::string tells;                // words that would tell of it
};

// The last three characters replaced by others, so that the shape stays.
std::string unlike(std::string value) { return value.replace(value.size() - 3, 3, "997"); }

std::vector<Named> things() {
    const auto& all = Objects::the();
    std::vector<Named> things{
        {"village", village_b, unlike(village_b), village_b, "", "西一村"},
        {"town", town_b, unlike(town_b), town_b, "", "西一村"},
        {"village of another district", village_x, unlike(village_x), village_x, "", "南一村"},
        {"district", district_a, unlike(district_a), district_a, "", "西一村"},
        {"case", all.case_b, unlike(all.case_b), village_b, "", "西一村"},
        {"prescription", all.prescription_a, unlike(all.prescription_a), village_a, "", "示例问题"},
        {"meeting", all.meeting, unlike(all.meeting), district_a, "", "示例会议"},
        {"round", all.round, unlike(all.round), district_a, "", "示例批次"},
        {"document", all.document_b, unlike(all.document_b), village_b, "", ""},
        {"delegation", all.delegation, unlike(all.delegation), "", "panel-2", "示例出差"},
        {"interest", all.interest, unlike(all.interest), "", "m2", "示例亲属"},
        {"person", District::id("v-b"), "p-v-997", village_b, "", "示例·v-b"},
        {"person of another district", District::id("v-x"), "p-v-997", village_x, "", "示例·v-x"},
        {"name of a village", "%E8%A5%BF%E4%B8%80%E6%9D%91", "%E8%A5%BF%E5%8D%81%E6%9D%91", village_b, "", ""},
        {"sign-in name", "v-x", "v-997", village_x, "", "示例·v-x"},
    };
    return things;
}

// A place above one's own is known to everybody there: it is a part of the own place's path.
bool knows(const std::string& login, const Named& thing) {
    if (thing.kind == "district" && District::may_see(login, village_a)) return true;
    return thing.owner.empty() ? District::may_see(login, thing.place) : login == thing.owner;
}

// A village, a town, another district, and nowhere.
const std::vector<std::string> readers{"v-a", "s-a", "panel-x", "nobody"};

std::string erase_all(std::string text, const std::string& what) {
    for (auto at = text.find(what); !what.empty() && at != std::string::npos; at = text.find(what, at))
        text.erase(at, what.size());
    return text;
}

std::string decoded(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '%') {
            result += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            result += text[i];
        }
    return result;
}

// Without the values that follow the mark, each up to its quote.
std::string without_value(std::string text, const std::string& mark) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size()))
        text.erase(at + mark.size(), text.find('"', at + mark.size()) - at - mark.size());
    return text;
}

// The answer without what was asked for and without what differs each time.
std::string comparable(const Answer& answer, const std::string& asked) {
    auto text = answer.body;
    if (answer.header("Content-Type").find("spreadsheet") != std::string::npos) {
        std::string all;
        for (const auto& [name, content] : unpacked(text)) all += name + content;
        text = std::regex_replace(all, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:Z]+"), "");
    }
    for (const auto* once : {"name=\"csrf\" value=\"", "name=\"key\" value=\"", "name=\"idempotency_key\" value=\"",
                             "name=\"csrf-token\" content=\""})
        text = without_value(text, once);
    for (auto at = text.find("<time"); at != std::string::npos; at = text.find("<time", at)) // when it was looked at
        text.erase(at, text.find("</time>", at) - at);
    text = erase_all(text, answer.header("X-Request-Id"));
    text = erase_all(erase_all(text, asked), decoded(asked));
    return std::to_string(answer.status) + " " + text;
}

class QueryMatrix : public testing::Test {
  protected:
    static Answer browse(const std::string& login, const std::string& address) {
        static std::map<std::string, std::string> tickets;
        auto& ticket = tickets[login];
        if (ticket.empty()) {
            auto& app = District::the().app();
            ticket = sign_in::open(app, *app.people.by_login(login), "browser", "")->token;
        }
        static HttpClient client(District::the().port());
        return client.send({"GET", address, "", {{"Cookie", std::string(http::session_cookie_name) + "=" + ticket}}});
    }

    // Asks with the foreign thing and, only if the answer differs from the one to another missing thing, with a missing
    // one of the same shape.
    template <class Ask>
    void compare(const std::string& login, const Named& thing, std::string& usual, const std::string& where,
                 const Ask& ask) {
        const Answer foreign = ask(thing.value);
        ++compared_;
        const auto tells = [&](const Answer& one) {
            return erase_all(one.body, decoded(thing.value)).find(thing.tells) != std::string::npos;
        };
        if (!thing.tells.empty() && tells(foreign) && !tells(ask(thing.missing)))
            ADD_FAILURE() << where << " tells " << thing.tells << " to " << login;
        const auto answer = comparable(foreign, thing.value);
        if (answer == usual) return;
        usual = comparable(ask(thing.missing), thing.missing);
        // A page that tells the thing by itself, asked or not (a case, the meeting that voted on it), tells it either
        // way.
        EXPECT_EQ(answer, erase_all(usual, decoded(thing.value)))
            << login << " " << where << " names a " << thing.kind << " that they may not know of";
    }
    int compared_ = 0;
};

// ---- the API --------------------------------------------------------------------------------------------------------

// Any value that the schema of the parameter takes.
std::string harmless(const http::Parameter& parameter) {
    if (parameter.schema.contains("enum")) return parameter.schema["enum"].front();
    return parameter.name == "place" ? village_a : parameter.name == "role" ? "auditor" : "village_lifecycle";
}

TEST_F(QueryMatrix, TheApiTellsNothingOfWhatAParameterNames) {
    int parameters = 0;
    for (const auto& route : District::the().routes()) {
        if (route.method != "GET" || route.streams || route.pattern == "/api/v1/events") continue;
        if (!needed_role(route.access).empty()) continue; // administrators: see the other matrix
        for (const auto& login : readers)
            for (const auto& example : Objects::the().examples(route)) {
                if (route.pattern.find('{') != std::string::npos && (!example.exists() || !example.known_to(login)))
                    continue;
                for (const auto& parameter : route.doc.parameters) {
                    const bool is_principal = parameter.in == "header" && parameter.name == "On-Behalf-Of";
                    if (parameter.in != "query" && !is_principal) continue;
                    parameters += login == readers.front();
                    const auto path = example.path(route.pattern.substr(std::string("/api/v1").size()));
                    std::string others = "?";
                    for (const auto& other : route.doc.parameters)
                        if (other.in == "query" && other.required && other.name != parameter.name)
                            others += other.name + "=" + harmless(other) + "&";
                    std::string usual;
                    for (const auto& thing : things())
                        if (!knows(login, thing))
                            compare(login, thing, usual, name_of(route) + " " + parameter.name,
                                    [&](const std::string& value) {
                                        return is_principal
                                                   ? as(login).raw("GET", path + others, "", {{parameter.name, value}})
                                                   : as(login).get(path + others + parameter.name + "=" + value);
                                    });
                }
            }
    }
    EXPECT_GT(parameters, 30);
    EXPECT_GT(compared_, 800);
}

// Members of a body that name something, tried by those who may send it.
TEST_F(QueryMatrix, TheApiTellsNothingOfWhatABodyNames) {
    const Json opening{{"definition", "village_lifecycle"}, {"place", village_a}, {"payload", Json::object()}},
        round{{"place", district_x}, {"title", "示例"}},
        delegation{{"delegate", "nobody-there"},
                   {"role", "panel_leader"},
                   {"from_on", "2000-01-01"},
                   {"until_on", "2000-01-01"},
                   {"reason", "示例"}},
        interest{{"place", village_x}, {"reason", "示例"}};
    const std::map<std::string, Json> bodies{{"/cases", opening},
                                             {"/rounds", round},
                                             {"/delegations", delegation},
                                             {"/interests", interest},
                                             {"/me", Json::object()}};
    for (const auto& route : District::the().routes()) {
        const auto path = route.pattern.substr(std::string("/api/v1").size());
        const auto body = bodies.find(path);
        if (route.method == "GET" || route.method == "DELETE" || body == bodies.end()) continue;
        ASSERT_TRUE(route.doc.body.contains("properties")) << name_of(route);
        for (const auto& [member, schema] : route.doc.body.at("properties").items()) {
            if (member == "payload") continue; // commands' fields: tests/unit/workflows/foreign_test.cpp
            // Anybody may be asked to stand in; who names them has been told their id.
            if (path == "/delegations" && member == "delegate") continue;
            // A text in which nothing is looked up; the second of two declarations alike is refused as such.
            if (path == "/interests" && member == "reason") continue;
            for (const auto& login : readers) {
                std::string usual;
                for (const auto& thing : things()) {
                    if (knows(login, thing)) continue;
                    compare(login, thing, usual, name_of(route) + " " + member, [&](const std::string& value) {
                        auto sent = body->second;
                        sent[member] =
                            schema.value("type", Json()) == "array" ? Json{decoded(value)} : Json(decoded(value));
                        return as(login).raw(route.method, path, sent.dump(),
                                             {{"Content-Type", "application/json"}, {"Idempotency-Key", fresh_key()}});
                    });
                }
            }
        }
    }
    EXPECT_GT(compared_, 400);
}

// ---- pages ----------------------------------------------------------------------------------------------------------

const files::path sources = files::path(__FILE__).parent_path() / "../../../adapters/http/pages";

std::string text_of(const files::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<std::string> matches(const std::string& text, const char* pattern) {
    const std::regex regex(pattern);
    std::set<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
    return found;
}

// "/cases" → the names that its handler's file asks for, and those that every page may ask for.
std::map<std::string, std::set<std::string>> parameters_of_pages() {
    const auto table = text_of(sources / "routes.cpp");
    std::map<std::string, std::string> handlers; // pattern → name
    const std::regex row("page\\(\"GET\",\\s*\"([^\"]+)\",\\s*\\w+,\\s*(\\w+)\\)");
    for (std::sregex_iterator at(table.begin(), table.end(), row), end; at != end; ++at) handlers[(*at)[1]] = (*at)[2];
    std::map<std::string, std::set<std::string>> by_handler;
    std::set<std::string> common;
    for (const auto& file : files::recursive_directory_iterator(sources)) {
        if (file.path().extension() != ".cpp" || file.path().filename() == "routes.cpp") continue;
        const auto text = text_of(file.path());
        auto names = matches(text, "asked\\(\"([a-z_]+)\"");
        names.merge(matches(text, "asked_all\\([a-z_.]+, \"([a-z_]+)\""));
        bool has_handler = false;
        for (const auto& [pattern, handler] : handlers)
            if (std::regex_search(text, std::regex("\nResponse " + handler + "\\("))) {
                by_handler[handler] = names;
                has_handler = true;
            }
        if (!has_handler) common.insert(names.begin(), names.end());
    }
    std::map<std::string, std::set<std::string>> all;
    for (const auto& [pattern, handler] : handlers) {
        EXPECT_TRUE(by_handler.contains(handler)) << "no source defines " << handler;
        all[pattern] = by_handler[handler];
        all[pattern].insert(common.begin(), common.end());
    }
    // A form's fields can be filled in by the address.
    for (const auto* definition : District::the().app().registry.all())
        for (const auto& command : definition->info().commands)
            for (const auto& field : command.fields)
                for (auto& [pattern, names] : all)
                    if (pattern.find("{command}") != std::string::npos && field.type >= engine::FieldType::person)
                        names.insert(field.key);
    return all;
}

// A page costs more than an answer of the API; the rest is asked there.
const std::set<std::string> on_pages{"village", "case",     "round",      "meeting",
                                     "person",  "document", "delegation", "name of a village"};

TEST_F(QueryMatrix, NoPageTellsAnythingOfWhatAParameterNames) {
    const auto parameters = parameters_of_pages();
    EXPECT_TRUE(parameters.at("/cases").contains("round"));
    EXPECT_TRUE(parameters.at("/work/bulk").contains("task"));
    int tried = 0;
    for (const auto& route : http::page_routes()) {
        if (route.method != "GET" || !needed_role(route.access).empty()) continue;
        ASSERT_TRUE(parameters.contains(route.pattern)) << route.pattern;
        const bool has_object = route.pattern.find('{') != std::string::npos;
        for (const std::string login : {"v-a", "panel-x"}) {
            if (has_object && login != "v-a") continue;
            const auto all = Objects::the().examples(route);
            const auto example = std::find_if(all.begin(), all.end(), [&](const Example& one) {
                return !has_object || (one.exists() && one.known_to(login));
            });
            if (example == all.end()) continue;
            for (const auto& name : parameters.at(route.pattern)) {
                ++tried;
                std::string usual;
                for (const auto& thing : things())
                    if (!knows(login, thing) && on_pages.contains(thing.kind))
                        compare(login, thing, usual, route.pattern + "?" + name + "=", [&](const std::string& value) {
                            return browse(login, example->path(route.pattern) + "?" + name + "=" + value);
                        });
            }
        }
    }
    EXPECT_GT(tried, 150);
}

} // namespace
} // namespace cunmai::test
