// One idempotency key belongs to one request: for every route that takes a key, each member of the request that the
// route's description names is varied alone, and the other request is refused.
#include "tests/integration/api/objects.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

struct Sent {
    std::string login;
    std::map<std::string, std::string> path;
    Json body;
    std::string on_behalf_of{};
};

class RequestMembers : public testing::Test {
  protected:
    static std::string in_days(int days) {
        return engine::to_text(engine::add_days(*engine::parse_date(District::the().app().today()), days));
    }
    // Accepted requests, made anew for each test.
    static std::optional<Sent> example(const std::string& route) {
        if (route == "POST /api/v1/cases") {
            const auto ended = case_in("self_check", village_a2);
            const auto minutes = as("panel").upload("minutes.pdf", "application/pdf", some_pdf("minutes"));
            EXPECT_EQ(as("panel").give(ended, "terminate", {{"minutes", minutes}, {"reason", "示例"}}).status, 200);
            return Sent{
                "panel", {}, {{"definition", "village_lifecycle"}, {"place", village_a2}, {"payload", Json::object()}}};
        }
        if (route == "POST /api/v1/rounds")
            return Sent{"panel",
                        {},
                        {{"place", district_a},
                         {"title", "示例批次"},
                         {"towns", {town_b}},
                         {"self_check_due_on", in_days(15)},
                         {"screening_due_on", in_days(30)},
                         {"review_due_on", in_days(50)},
                         {"committee_due_on", in_days(60)}}};
        if (route == "POST /api/v1/cases/{id}/commands/{name}")
            return Sent{"panel",
                        {{"id", case_in("department_review", village_a2)}, {"name", "return_to_town"}},
                        {{"reason", "示例"}}};
        return std::nullopt;
    }
    static void end_cases(const Json& receipts) {
        const auto minutes = as("panel").upload("minutes.pdf", "application/pdf", some_pdf("示例撤并"));
        for (const auto& one : receipts)
            if (one.at("case_id").is_string()) {
                const auto ended =
                    as("panel").give(one.at("case_id"), "terminate", {{"minutes", minutes}, {"reason", "示例"}});
                EXPECT_EQ(ended.status, 200) << ended.body;
            }
    }
    static const std::map<std::string, Json>& others() { // another value of the same shape
        static const std::map<std::string, Json> all{{"definition", "committee_meeting"},
                                                     {"place", village_a},
                                                     {"command", "open_targeted"},
                                                     {"round", Objects::the().round},
                                                     {"payload", {{"reason", "x"}}},
                                                     {"title", "示例批次。"},
                                                     {"towns", Json{town_a}},
                                                     {"reason", "示例。"},
                                                     {"id", Objects::the().case_a},
                                                     {"name", "decline"}};
        return all;
    }
    static Answer send(const http::Route& route, const Sent& sent, const std::string& key) {
        auto path = route.pattern.substr(std::string("/api/v1").size());
        std::map<std::string, std::string> headers{{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
        for (const auto& [name, value] : sent.path) {
            const auto hole = "{" + name + "}";
            path.replace(path.find(hole), hole.size(), value);
        }
        if (sent.path.contains("id")) headers["If-Match"] = "\"3\"";
        if (!sent.on_behalf_of.empty()) headers["On-Behalf-Of"] = sent.on_behalf_of;
        return as(sent.login).raw(route.method, path, sent.body.dump(), headers);
    }
};

TEST_F(RequestMembers, EachMakesAnotherRequest) {
    static_cast<void>(Objects::the()); // panel-2 has delegated their role to panel
    int varied = 0;
    for (const auto& route : District::the().routes()) {
        const auto& parameters = route.doc.parameters;
        if (std::none_of(parameters.begin(), parameters.end(),
                         [](const http::Parameter& one) { return one.name == "Idempotency-Key"; }))
            continue;
        const auto sent = example(name_of(route));
        ASSERT_TRUE(sent) << "no request is known to try " << name_of(route) << " with";
        const auto key = fresh_key();
        const auto first = send(route, *sent, key);
        ASSERT_THAT(first.status, testing::AnyOf(200, 201)) << first.body;
        const auto again = send(route, *sent, key);
        EXPECT_EQ(again.status, first.status) << again.body;
        EXPECT_EQ(again.json().at("replayed"), true);
        EXPECT_EQ(again.json().at("case_id"), first.json().at("case_id"));

        if (first.json().contains("receipts")) end_cases(first.list("receipts")); // other tests open cases there

        const auto expect_refused = [&](const Sent& other, const std::string& member) {
            const auto answer = send(route, other, key);
            EXPECT_EQ(answer.status, 422) << name_of(route) << " " << member << ": " << answer.body;
            EXPECT_EQ(answer.code(), "key_reused") << name_of(route) << " " << member << ": " << answer.body;
            ++varied;
        };
        for (const auto& parameter : parameters) {
            auto other = *sent;
            if (parameter.in == "path")
                other.path[parameter.name] = others().at(parameter.name);
            else if (parameter.name == "On-Behalf-Of")
                other.on_behalf_of = District::id("panel-2");
            else
                continue;
            expect_refused(other, parameter.name);
        }
        auto members = sent->body;
        if (route.doc.body.contains("properties"))
            for (const auto& [member, schema] : route.doc.body.at("properties").items()) members[member];
        for (const auto& [member, value] : members.items()) {
            auto other = *sent;
            if (member.ends_with("_on")) {
                other.body[member] = in_days(61);
            } else {
                ASSERT_TRUE(others().contains(member)) << "no other value is known for " << member;
                other.body[member] = others().at(member);
            }
            expect_refused(other, member);
        }
    }
    EXPECT_GE(varied, 18);
}

} // namespace
} // namespace cunmai::test
