// Bad input gets a clear error and writes nothing, and the server goes on.
#include "tests/integration/api/district.hpp"

#include <gtest/gtest.h>

namespace cunmai::test {
namespace {

struct Bad {
    std::string what, body;
    int status;
    std::string code;
    std::map<std::string, std::string> headers;
};

class BadInput : public testing::Test {
  protected:
    void SetUp() override {
        id_ = case_in("town_screening", village_a);
        path_ = "/cases/" + id_ + "/commands/nominate";
    }
    std::map<std::string, std::string> good_headers() const {
        return {{"Content-Type", "application/json"}, {"If-Match", "\"2\""}, {"Idempotency-Key", fresh_key()}};
    }
    void expect_untouched() {
        EXPECT_EQ(as("auditor").get("/cases/" + id_).json().at("version"), 2);
        EXPECT_EQ(as("s-a").get("/me").status, 200);
    }
    std::string id_, path_;
};

TEST_F(BadInput, InTheBodyIsNamedAndWritesNothing) {
    const std::string good = R"({"category":"disputes","study_record":"示例"})";
    const std::vector<Bad> all{
        {"not JSON", "category=disputes", 400, "json_invalid", {}},
        {"half of JSON", good.substr(0, 20), 400, "json_invalid", {}},
        {"two values", good + good, 400, "json_invalid", {}},
        {"broken UTF-8", "{\"category\":\"disputes\",\"study_record\":\"\xC3\x28\"}", 400, "json_invalid", {}},
        {"a NUL", R"({"category":"disputes","study_record":"a\u0000b"})", 400, "json_nul", {}},
        {"deep JSON", std::string(5000, '[') + std::string(5000, ']'), 400, "json_too_deep", {}},
        {"a key twice",
         R"({"category":"disputes","category":"economy","study_record":"示例"})",
         400,
         "json_duplicate_key",
         {}},
        {"not an object", R"(["disputes"])", 422, "invalid", {}},
        {"nothing", "{}", 422, "invalid", {}},
        {"unknown field", R"({"category":"disputes","study_record":"示例","state":"managed"})", 422, "invalid", {}},
        {"wrong type", R"({"category":7,"study_record":"示例"})", 422, "invalid", {}},
        {"not a choice", R"({"category":"weather","study_record":"示例"})", 422, "invalid", {}},
        {"only blanks", R"({"category":"disputes","study_record":"  　 "})", 422, "invalid", {}},
        {"too long",
         Json{{"category", "disputes"}, {"study_record", std::string(4001, 'x')}}.dump(),
         422,
         "invalid",
         {}},
        {"another content type", good, 415, "not_json", {{"Content-Type", "text/plain"}}},
    };
    for (const auto& [what, body, status, code, headers] : all) {
        auto with = good_headers();
        for (const auto& [name, value] : headers) with[name] = value;
        const auto answer = as("s-a").raw("POST", path_, body, with);
        EXPECT_EQ(answer.status, status) << what << ": " << answer.body;
        EXPECT_EQ(answer.code(), code) << what << ": " << answer.body;
        EXPECT_FALSE(answer.json().value("detail", "").empty()) << what;
        EXPECT_EQ(answer.body.find("{field}"), std::string::npos) << answer.body; // all placeholders are filled
    }
    expect_untouched();
}

TEST_F(BadInput, TenMegabytesOfJsonAreRefusedUnread) {
    const auto answer = as("s-a").raw("POST", path_, std::string(10 << 20, ' '), good_headers());
    EXPECT_EQ(answer.status, 413) << answer.body;
    expect_untouched();
}

// Each of the 110,000 was compared with all before it: two and a half minutes of a core for somebody who is not even
// signed in.
TEST_F(BadInput, ManyUnknownKeysAreRefusedQuickly) {
    const auto keys = [](int count) {
        std::string body = "{";
        for (int one = 0; one < count; ++one) body += (one ? ",\"k" : "\"k") + std::to_string(one) + "\":1";
        return body + "}";
    };
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(as("").raw("POST", "/session", keys(80'000), {{"Content-Type", "application/json"}}).status, 413);
    EXPECT_EQ(as("").raw("POST", "/session", keys(500), {{"Content-Type", "application/json"}}).status, 422);

    const auto answer = as("s-a").raw("POST", "/session", keys(22'000), {{"Content-Type", "application/json"}});
    EXPECT_EQ(answer.status, 422);
    const auto reasons = answer.json().at("reasons");
    ASSERT_EQ(reasons.size(), 51U);
    EXPECT_EQ(reasons.back().at("code"), "and_more");
    EXPECT_GE(reasons.back().at("facts").at("count"), 21'900);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
    expect_untouched();
}

// A field of a form may also be JSON. Nested a hundred thousand times it once ended the process when it was shown
// again.
TEST_F(BadInput, DeepJsonInAFormIsNothing) {
    HttpClient browser(District::the().port());
    const auto page = browser.send({"GET", "/sign-in", "", {}});
    const auto set = page.header("Set-Cookie"), pre = set.substr(0, set.find(';'));
    const auto answer =
        browser.send({"POST",
                      "/sign-in",
                      "csrf=" + pre.substr(pre.find('=') + 1) +
                          "&kept={\"action\":\"/\",\"by\":\"x\",\"fields\":[],\"x\":" + std::string(100'000, '[') +
                          std::string(100'000, ']') + "}",
                      {{"Cookie", pre},
                       {"Origin", "http://127.0.0.1:" + std::to_string(District::the().port())},
                       {"Content-Type", "application/x-www-form-urlencoded"}}});
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_LT(answer.body.size(), 50'000U); // it is not shown again
    expect_untouched();
}

TEST_F(BadInput, InTheHeadersIsNamed) {
    const auto without = [&](const std::string& name) {
        auto headers = good_headers();
        headers.erase(name);
        return as("s-a").raw("POST", path_, R"({"category":"disputes","study_record":"x"})", headers);
    };
    const auto with = [&](const std::string& name, const std::string& value) {
        auto headers = good_headers();
        headers[name] = value;
        return as("s-a").raw("POST", path_, R"({"category":"disputes","study_record":"x"})", headers);
    };
    EXPECT_EQ(without("If-Match").status, 428);
    EXPECT_EQ(without("If-Match").code(), "if_match_missing");
    EXPECT_EQ(without("Idempotency-Key").status, 400);
    for (const auto* tag : {"2", "\"x\"", "w/\"2\"", "W/2", "\"2\" \"3\"", "\"-1\"", "\"99999999999999999999\""})
        EXPECT_EQ(with("If-Match", tag).status, 400) << tag;
    EXPECT_EQ(with("If-Match", "*").status, 428);
    EXPECT_EQ(with("If-Match", "*").code(), "if_match_any");
    for (const auto* former : {"W/\"1\"", "\"1-gzip\"", "\"0\", W/\"1\""}) // read, and no longer the current one
        EXPECT_EQ(with("If-Match", former).status, 409) << former;
    for (const auto& key :
         {std::string("short"), std::string(101, 'k'), std::string("has a blank"), std::string("schlüssel-1")})
        EXPECT_EQ(with("Idempotency-Key", key).status, 400) << key;
    EXPECT_EQ(with("On-Behalf-Of", "not an id").status, 400);
    EXPECT_EQ(with("On-Behalf-Of", "").status, 400);
    EXPECT_EQ(with("On-Behalf-Of", District::id("s-b")).status, 403); // nobody delegated
    EXPECT_EQ(with("Authorization", "Bearer nonsense").status, 401);
    expect_untouched();
}

// As proxies write it that compress, and as programs that have seen several versions.
TEST_F(BadInput, AVersionMayBeWeakOrOneOfSeveral) {
    auto headers = good_headers();
    headers["If-Match"] = "\"1\", W/\"2-gzip\"";
    const auto answer = as("s-a").raw("POST", path_, R"({"category":"disputes","study_record":"示例"})", headers);
    EXPECT_EQ(answer.status, 200) << answer.body;
}

TEST_F(BadInput, InTheQueryIsNamed) {
    const std::vector<std::pair<std::string, std::string>> all{
        {"/cases?colour=blue", "bad_parameter"},
        {"/cases?limit=0", "bad_parameter"},
        {"/cases?limit=101", "bad_parameter"},
        {"/cases?limit=ten", "bad_parameter"},
        {"/cases?limit=", "bad_parameter"},
        {"/cases?limit=9999999999999999999999", "bad_parameter"},
        {"/cases?nonsense=1", "unknown_parameter"},
        {"/cases?limit=1&limit=2", "parameter_twice"},
        {"/cases?due_before=2025-02-30", "bad_parameter"},
        {"/cases?due_before=tomorrow", "bad_parameter"},
        {"/cases?cursor=!!", "bad_cursor"},
        {"/cases?sort=colour", "bad_parameter"},
        {"/cases?text=%ff", "bad_query"},
        {"/cases?text=%zz", "bad_query"},
        {"/cases?text=%00", "bad_query"},
        {"/worklist?box=everything", "bad_parameter"},
        {"/notifications?unread=maybe", "bad_parameter"},
        {"/places?level=planet", "bad_parameter"},
        {"/grants?place=990100", "parameter_missing"},
        {"/cases/" + id_ + "/history?after_seq=-1", "bad_parameter"},
        {"/cases?lang=fr", "unknown_parameter"},
    };
    for (const auto& [path, code] : all) {
        const auto answer = as("s-a").get(path);
        EXPECT_EQ(answer.status, 400) << path << " " << answer.body;
        EXPECT_EQ(answer.code(), code) << path << " " << answer.body;
    }
    for (const auto* path : {"/cases?cursor=nonsense", "/worklist?cursor=e30", "/notifications?cursor=e30",
                             "/people?cursor=0"}) { // looks like a cursor, but is none
        const auto answer = as("sysadmin").get(path);
        EXPECT_EQ(answer.status, 404) << path << " " << answer.body;
        EXPECT_EQ(answer.code(), "bad_cursor") << path << " " << answer.body;
    }
    const auto named = as("s-a").get("/cases?nonsense=1").json().at("detail").get<std::string>();
    EXPECT_NE(named.find("nonsense"), std::string::npos) << named;
}

TEST_F(BadInput, IdsThatAreNoneAreNotFound) {
    for (const auto* id : {"x", "..", "%2e%2e", "a%20b", "%E6%9D%91", "'or'1'='1", "0000000000000000"}) {
        const auto answer = as("s-a").get(std::string("/cases/") + id);
        EXPECT_TRUE(answer.status == 404 || answer.status == 400) << id << " " << answer.body;
    }
    EXPECT_EQ(as("s-a").get("/cases/" + std::string(300, 'a')).status, 404);
    EXPECT_EQ(as("s-a").get("/attachments/" + std::string(64, 'a')).status, 404);
    EXPECT_EQ(as("s-a").get("/attachments/xyz").status, 404);
}

TEST_F(BadInput, OpeningNeedsAKnownWorkflowAndPlace) {
    EXPECT_TRUE(as("panel").open("nothing", village_a).has_reason("unknown_definition"));
    EXPECT_EQ(as("panel").open("village_lifecycle", "123").status, 404);
    EXPECT_EQ(as("panel").open("village_lifecycle", village_b, {{"self_check_due_on", "2025-02-30"}}).status, 422);
    EXPECT_EQ(as("panel").open("village_lifecycle", village_b, Json::object(), "propose_completion").status,
              404); // an internal command
    EXPECT_EQ(as("s-b").open("village_lifecycle", village_b, Json::object(), "open").status, 403);
}

} // namespace
} // namespace cunmai::test
