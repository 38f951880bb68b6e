#include "tests/integration/api/objects.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

void done(const Answer& answer) { EXPECT_THAT(answer.status, testing::AnyOf(200, 201)) << answer.body; }

Json people(std::initializer_list<std::string> logins) {
    auto ids = Json::array();
    for (const auto& login : logins) ids.push_back(District::id(login));
    return ids;
}

void require_departments(const Json& departments) {
    done(as("sysadmin").put("/rules/required_departments", {{"value", departments}}));
}

std::string in_days(int days) {
    return engine::to_text(engine::add_days(*engine::parse_date(District::the().app().today()), days));
}

std::string document_of(const std::string& id) {
    for (const auto& item : as("auditor").get("/cases/" + id + "/documents").list("items")) return item.at("sha256");
    ADD_FAILURE() << "no document is linked to " << id;
    return "";
}

std::string delegation_of_panel() {
    const auto given = as("panel-2").post("/delegations", {{"delegate", District::id("panel")},
                                                           {"role", "panel_leader"},
                                                           {"from_on", in_days(0)},
                                                           {"until_on", in_days(1)},
                                                           {"reason", "示例出差"}});
    EXPECT_EQ(given.status, 201) << given.body;
    return given.json().value("id", "");
}

std::string interest_of_member() {
    const auto declared = as("m2").post("/interests", {{"place", village_a2}, {"reason", "示例亲属"}});
    EXPECT_EQ(declared.status, 201) << declared.body;
    return declared.json().value("id", "");
}

} // namespace

std::string case_with_open_ballot(bool secret) {
    require_departments({"organisation"});
    const auto id = case_in("department_review", village_a);
    const auto today = in_days(0);
    const Json visit{
        {"participants", "示例甲、示例乙"}, {"held_on", today}, {"venue", "示例院坝"}, {"findings", "示例情况"}};
    done(as("reviewer").give(id, "record_interview", visit));
    done(as("reviewer").give(id, "record_courtyard_meeting", visit));
    done(as("reviewer")
             .give(id, "sign_opinion", {{"department", "organisation"}, {"opinion", "endorse"}, {"text", "示例同意"}}));
    done(as("panel").give(id, "endorse"));
    const auto convened = as("secretary")
                              .open("committee_meeting", district_a,
                                    {{"title", "示例会议"},
                                     {"meeting_on", today},
                                     {"chair", District::id("chair")},
                                     {"agenda", {id}},
                                     {"secret", secret}});
    done(convened);
    const std::string meeting = convened.json().at("case_id");
    done(as("secretary").give(meeting, "start_session", {{"attendance", people({"chair", "m1", "m2"})}}));
    done(as("secretary").give(id, "open_ballot", {{"meeting", meeting}}));
    require_departments({"organisation", "discipline", "political_legal", "civil_affairs", "agriculture"});
    return id;
}

std::string managed_case() {
    const auto id = case_with_open_ballot(false);
    for (const auto* member : {"m1", "m2", "chair"}) done(as(member).give(id, "cast_vote", {{"choice", "approve"}}));
    done(as("secretary").give(id, "close_ballot", {{"minutes", "示例会议纪要"}}));
    done(as("s-a").give(id, "adopt_plan",
                        {{"programme", "示例方案"},
                         {"measures", "示例措施"},
                         {"funds_committed", 1000},
                         {"monitoring_cycle_days", 30}}));
    done(as("panel").give(id, "assign",
                          {{"commander", District::id("commander")},
                           {"supervisor", District::id("s-a")},
                           {"coordinator", District::id("coordinator")}}));
    return id;
}

const Objects& Objects::the() {
    static const Objects all;
    return all;
}

Objects::Objects() {
    const auto managed = managed_case();
    const auto prescribed = as("s-a").give(managed, "issue_prescription", {{"problem", "示例问题"}});
    done(prescribed);
    prescription_a = prescribed.json().value("created", "");
    for (const auto& event : as("auditor").get("/cases/" + managed + "/history?limit=100").list())
        if (event.at("command") == "open_ballot") meeting = event.at("payload").value("meeting", "");
    case_a = managed;
    case_b = case_in("town_screening", village_b);
    document_a = document_of(case_a);
    document_b = document_of(case_b);
    const auto opened = as("panel").post("/rounds",
                                         {{"place", district_a},
                                          {"title", "示例批次"},
                                          {"towns", {town_b}},
                                          {"self_check_due_on", in_days(15)},
                                          {"screening_due_on", in_days(30)},
                                          {"review_due_on", in_days(50)}},
                                         {{"Idempotency-Key", fresh_key()}});
    done(opened);
    round = opened.json().value("case_id", "");
    const auto minutes = as("panel").upload("minutes.pdf", "application/pdf", some_pdf("示例撤并"));
    for (const auto& receipt : opened.list("receipts")) // other tests open cases there
        if (receipt.at("case_id").is_string())
            done(as("panel").give(receipt.at("case_id"), "terminate", {{"minutes", minutes}, {"reason", "示例撤并"}}));
    delegation = delegation_of_panel();
    interest = interest_of_member();
}

std::string Example::path(std::string pattern) const {
    for (const auto& [name, value] : params) {
        const auto hole = "{" + name + "}";
        const auto at = pattern.find(hole);
        if (at != std::string::npos) pattern.replace(at, hole.size(), value);
    }
    return pattern;
}

std::vector<Example> Objects::examples(const http::Route& route) const {
    const auto has = [&](const char* part) { return route.pattern.find(part) != std::string::npos; };
    const std::string none = "0000000000000000", no_hash(64, '0');
    if (!has("{")) return {{}};
    if (has("/cases/{id}/claims/{name}") || has("/cases/{id}/commands/{name}"))
        return {{{{"id", case_a}, {"name", "nominate"}}, village_a},
                {{{"id", case_b}, {"name", "nominate"}}, village_b},
                {{{"id", none}, {"name", "nominate"}}}};
    if (has("/cases/{id}/do/{command}"))
        return {{{{"id", case_a}, {"command", "nominate"}}, village_a},
                {{{"id", prescription_a}, {"command", "cancel"}}, village_a},
                {{{"id", case_b}, {"command", "nominate"}}, village_b},
                {{{"id", meeting}, {"command", "amend"}}, district_a},
                {{{"id", none}, {"command", "nominate"}}}};
    if (has("/cases/{id}/decide/{question}"))
        return {{{{"id", case_a}, {"question", "screening"}}, village_a},
                {{{"id", prescription_a}, {"question", "result"}}, village_a},
                {{{"id", case_b}, {"question", "screening"}}, village_b},
                {{{"id", none}, {"question", "screening"}}}};
    if (has("/cases/{id}"))
        return {{{{"id", case_a}}, village_a},   {{{"id", prescription_a}}, village_a}, {{{"id", case_b}}, village_b},
                {{{"id", meeting}}, district_a}, {{{"id", round}}, district_a},         {{{"id", none}}}};
    if (has("/meetings/{id}")) return {{{{"id", meeting}}, district_a}, {{{"id", none}}}};
    if (has("/rounds/{id}")) return {{{{"id", round}}, district_a}, {{{"id", none}}}};
    if (has("/prescriptions/{id}")) return {{{{"id", prescription_a}}, village_a}, {{{"id", none}}}};
    if (has("{sha256}"))
        return {{{{"sha256", document_a}}, village_a}, {{{"sha256", document_b}}, village_b}, {{{"sha256", no_hash}}}};
    if (has("/places/{code}"))
        return {{{{"code", village_a}}, village_a},
                {{{"code", village_b}}, village_b},
                {{{"code", district_a}}, district_a},
                {{{"code", village_x}}, village_x},
                {{{"code", "123"}}}};
    if (has("/open/{definition}")) {
        std::vector<Example> all;
        for (const auto* place : {village_a, village_b, village_x})
            all.push_back({{{"definition", "village_lifecycle"}, {"place", place}, {"command", "open"}}, place});
        all.push_back({{{"definition", "village_lifecycle"}, {"place", "123"}, {"command", "open"}}});
        if (!has("{place}")) return {all.back()};
        return all;
    }
    if (has("/bulk/{definition}"))
        return {{{{"definition", "village_lifecycle"}, {"command", "nominate"}}},
                {{{"definition", "village_lifecycle"}, {"command", "nothing"}}}};
    if (has("/delegations/{id}")) return {{{{"id", delegation}}, "", "panel-2"}, {{{"id", none}}}};
    if (has("/interests/{id}")) return {{{{"id", interest}}, "", "m2"}, {{{"id", none}}}};
    if (has("/account/sessions/{id}")) return {{{{"id", no_hash}}}};
    if (has("/grants/{grant}")) return {{{{"id", District::id("m2")}, {"grant", none}}}};
    if (has("/people/{id}")) return {{{{"id", District::id("m2")}}}, {{{"id", none}}}};
    if (has("/grants/{id}") || has("/notifications/{id}") || has("/deliveries/{id}")) return {{{{"id", none}}}};
    if (has("/definitions/{key}")) return {{{{"key", "prescription"}}}, {{{"key", "nothing"}}}};
    if (has("/rules/{key}")) return {{{{"key", "follow_up_years"}}}, {{{"key", "nothing"}}}};
    if (has("/assets/{file}")) return {{{{"file", "cunmai.css"}}}, {{{"file", "nothing"}}}};
    return {};
}

std::string needed_role(http::Access access) {
    switch (access) {
    case http::Access::system: return "system_administrator";
    case http::Access::security: return "security_administrator";
    case http::Access::audit: return "audit_administrator";
    default: return "";
    }
}

std::string name_of(const http::Route& route) { return route.method + " " + route.pattern; }

} // namespace cunmai::test
