// Client input: JSON, forms, uploads, addresses. Broken input gets a clear answer and changes nothing, and the server
// goes on.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/edge/input.hpp"
#include "engine/text.hpp"

namespace cunmai::test {

namespace {

constexpr const char* json_type = "application/json";

class Input : public HttpTest {};

std::string code_of(const std::string& text) {
    try {
        http::read_json(text);
        return "";
    } catch (const http::Problem& problem) { return problem.code; }
}

TEST(StrictJson, SaysWhatIsWrong) {
    EXPECT_EQ(code_of(R"({"a":[1,-2.5e3,"村",true,null,{}]})"), "");
    EXPECT_EQ(code_of(""), "json_invalid");
    EXPECT_EQ(code_of("{"), "json_invalid");
    EXPECT_EQ(code_of("{}{}"), "json_invalid");
    EXPECT_EQ(code_of("{'a':1}"), "json_invalid");
    EXPECT_EQ(code_of("[1,]"), "json_invalid");
    EXPECT_EQ(code_of("[NaN]"), "json_invalid");
    EXPECT_EQ(code_of("[Infinity]"), "json_invalid");
    EXPECT_EQ(code_of("[1e999]"), "json_invalid");
    EXPECT_EQ(code_of("[01]"), "json_invalid");
    EXPECT_EQ(code_of("/* x */ {}"), "json_invalid");
    EXPECT_EQ(code_of(R"({"a":1,"a":2})"), "json_duplicate_key");
    EXPECT_EQ(code_of(R"({"a":{"b":1,"b":2}})"), "json_duplicate_key");
    EXPECT_EQ(code_of(R"({"a":{"b":1},"b":2})"), "");
    EXPECT_EQ(code_of(R"([{"a":1},{"a":1}])"), "");
    EXPECT_EQ(code_of(R"(["\u0000"])"), "json_nul");
    EXPECT_EQ(code_of(R"({"\u0000":1})"), "json_nul");
    EXPECT_EQ(code_of("[\"\xC3\x28\"]"), "json_invalid");
    EXPECT_EQ(code_of("[\"\xED\xA0\x80\"]"), "json_invalid");
    EXPECT_EQ(code_of(R"(["\ud800"])"), "json_invalid");
    EXPECT_EQ(code_of(std::string(32, '[') + std::string(32, ']')), "");
    EXPECT_EQ(code_of(std::string(33, '[') + std::string(33, ']')), "json_too_deep");
    EXPECT_EQ(code_of(std::string(500'000, '[')), "json_too_deep");
}

TEST(Utf8, IsReadStrictly) {
    for (const auto* good : {"", "a", "村", "\xF0\x9F\x8F\x98", "\xEF\xBB\xBF"}) EXPECT_TRUE(is_utf8_without_nul(good));
    for (const auto* bad : {"\x80", "\xC0\xAF", "\xC1\x81", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE6\x9D", "a\xFF"})
        EXPECT_FALSE(is_utf8_without_nul(bad));
    EXPECT_FALSE(is_utf8_without_nul(std::string_view("\0", 1)));
}

TEST_F(Input, TenMegabytesOfJsonAreRefusedUnread) {
    const auto reply = post("/api/v1/echo", json_type, "\"" + std::string().assign(10'000'000, 'a') + "\"");
    EXPECT_EQ(reply.status, 413);
    EXPECT_EQ(reply.code(), "body_too_large");
    EXPECT_TRUE(reply.closed);
    EXPECT_EQ(changes_made(), 0);
    EXPECT_EQ(get("/hello").status, 200);
}

TEST_F(Input, BadJsonIsAProblemWithASentence) {
    const auto reply = post("/api/v1/echo", json_type, R"({"a":1,"a":2})", {{"Accept-Language", "en"}});
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.json()["code"], "json_duplicate_key");
    EXPECT_EQ(reply.json()["status"], 400);
    EXPECT_EQ(reply.json()["instance"], reply.header("x-request-id"));
    EXPECT_EQ(reply.json()["detail"], "The key “a” stands twice in the same object.");
    EXPECT_EQ(post("/api/v1/echo", json_type, std::string(8'000, '[')).code(), "json_too_deep");
    EXPECT_EQ(post("/api/v1/echo", json_type, "\"\xFF\"").code(), "json_invalid");
    EXPECT_EQ(post("/api/v1/echo", "text/plain", "{}").status, 415);
    EXPECT_EQ(changes_made(), 0);
}

TEST_F(Input, PathsAndQueriesAreDecodedOnce) {
    EXPECT_EQ(get("/things/%E6%9D%91%2F1?q=a%2Bb+c").json(), (Json{{"id", "村/1"}, {"q", "a+b c"}}));
    EXPECT_EQ(get("/things/%252e").json()["id"], "%2e");
    EXPECT_EQ(get("/things/%FF").status, 400);
    EXPECT_EQ(get("/things/%00").status, 400);
    EXPECT_EQ(get("/things/%zz").status, 400);
    EXPECT_EQ(get("/things/%2").status, 400);
    EXPECT_EQ(get("/things/1?q=%ED%A0%80").status, 400);
    EXPECT_EQ(get("/things/../hello").status, 404);
    EXPECT_EQ(get("/things/").status, 404);
    EXPECT_EQ(get("//hello").status, 404);
}

TEST_F(Input, ALiteralSegmentWinsOverAParameter) { EXPECT_TRUE(get("/things/known").json().contains("text")); }

TEST_F(Input, AnUnknownMethodSaysWhichAreKnown) {
    const auto reply = ask("DELETE", "/api/v1/echo", "", {});
    EXPECT_EQ(reply.status, 405);
    EXPECT_EQ(reply.header("allow"), "POST");
    EXPECT_EQ(ask("BREW", "/hello", "", {}).header("allow"), "GET, HEAD, POST");
    EXPECT_EQ(ask("BREW", "/nowhere", "", {}).status, 404);
}

class Form : public HttpTest {
  protected:
    void SetUp() override {
        HttpTest::SetUp();
        add_person("a");
        ticket = signed_in("a");
    }
    Reply multipart(const std::string& parts, const std::string& target = "/private") {
        return post(target, "multipart/form-data; boundary=XYZ", parts + "--XYZ--\r\n", as(ticket));
    }
    static std::string field(const std::string& name, const std::string& value) {
        return "--XYZ\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }
    static std::string file(const std::string& name, const std::string& content) {
        return "--XYZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
               "\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n";
    }
    sign_in::Ticket ticket;
};

TEST_F(Form, UrlencodedFieldsAreRead) {
    const auto reply = post("/private", "application/x-www-form-urlencoded", "a=1&b=%E6%9D%91+x&empty=", as(ticket));
    EXPECT_EQ(reply.json()["fields"], (Json{{"a", "1"}, {"b", "村 x"}, {"empty", ""}}));
}

TEST_F(Form, TheLargestFormFitsAndALargerOneIsRefused) {
    std::string fields;
    for (int one = 0; one < 400; ++one) fields += (one ? "&f" : "f") + std::to_string(one) + "=1";
    EXPECT_EQ(post("/private", "application/x-www-form-urlencoded", fields, as(ticket)).json()["fields"].size(), 400u);
    for (int one = 400; one < 600; ++one) fields += "&f" + std::to_string(one) + "=1";
    EXPECT_EQ(post("/private", "application/x-www-form-urlencoded", fields, as(ticket)).status, 400);
}

TEST_F(Form, FilesAreThereForTheHandlerAndGoneAfterwards) {
    const auto reply = multipart(field("note", "说明") + file("示例.txt", "hello") + file("", ""));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.json()["fields"]["note"], "说明");
    ASSERT_EQ(reply.json()["files"].size(), 1u);
    const auto one = reply.json()["files"][0];
    EXPECT_EQ(one["name"], "示例.txt");
    EXPECT_EQ(one["size"], 5);
    EXPECT_EQ(one["there"], true);
    EXPECT_FALSE(std::filesystem::exists(one["path"].get<std::string>()));
}

TEST_F(Form, AFileAboveTheLimitIsRefusedAndLeavesNothing) {
    Config config;
    config.upload_max_bytes = 10'000;
    start(config);
    ticket = signed_in("a");
    EXPECT_EQ(multipart(file("a.txt", std::string(9'000, 'a'))).status, 200);
    EXPECT_EQ(multipart(file("a.txt", std::string(20'000, 'a'))).status, 413);
    EXPECT_EQ(multipart(file("a.txt", std::string(2'000'000, 'a'))).status, 413);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path + "/tmp"));
}

TEST_F(Form, ALongFormTellsOfATooLargeFileItselfAndTakesSeveral) {
    Config config;
    config.upload_max_bytes = 10'000;
    config.body_max_bytes = 5'000;
    start(config);
    ticket = signed_in("a");
    const auto several = multipart(file("a.txt", std::string(9'000, 'a')) + file("b.txt", std::string(9'000, 'b')) +
                                       file("c.txt", std::string(9'000, 'c')),
                                   "/form");
    EXPECT_EQ(several.json()["files"], 3);
    const auto large = multipart(field("note", "说明") + file("a.txt", std::string(20'000, 'a')), "/form");
    EXPECT_EQ(large.status, 200);
    EXPECT_EQ(large.json()["files"], 1);
    EXPECT_EQ(large.json()["fields"]["note"], "说明");
    const auto too_much = multipart(file("a.txt", std::string(40'000, 'a')), "/form");
    EXPECT_EQ(too_much.status, 413);
    EXPECT_FALSE(too_much.closed); // read to its end, so that a browser gets to see the answer
    EXPECT_NE(too_much.body.find("示例a"), std::string::npos); // with the person's own navigation
}

TEST_F(Form, BrokenFormsAreRefused) {
    const auto before = changes_made();
    EXPECT_EQ(post("/private", "application/x-www-form-urlencoded", "a=%FF", as(ticket)).status, 400);
    EXPECT_EQ(post("/private", "application/x-www-form-urlencoded", "a=%0", as(ticket)).status, 400);
    EXPECT_EQ(multipart(field("a", "\xFF")).status, 400);
    EXPECT_EQ(post("/private", "application/json", "{}", as(ticket)).status, 415);
    std::string many;
    for (int one = 0; one < 600; ++one) many += field("f" + std::to_string(one), "1");
    EXPECT_EQ(multipart(many).status, 400);
    EXPECT_EQ(changes_made(), before);
}

TEST_F(Form, PartsAreCountedHoweverEmpty) {
    std::string many;
    for (int one = 0; one < 600; ++one) many += file("", "");
    const auto reply = multipart(many);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(changes_made(), 0);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path + "/tmp"));
}

TEST_F(Form, StrangersUploadNothing) {
    const std::string large = "--XYZ\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.txt\"\r\n\r\n" +
                              std::string(2'000'000, 'a') + "\r\n--XYZ--\r\n";
    const auto reply = post("/hello", "multipart/form-data; boundary=XYZ", large, {{"Origin", origin()}});
    EXPECT_EQ(reply.status, 413) << reply.body;
}

TEST_F(Input, StreamedBodiesAreWholeOrRefused) {
    add_person("a");
    const auto program = as_program(signed_in("a", "bearer"));
    EXPECT_EQ(post("/api/v1/upload", "application/octet-stream", std::string(3'000'000, 'x'), program).json()["size"],
              3'000'000);
    const auto before = changes_made();
    const auto head = "POST /api/v1/upload HTTP/1.1\r\nHost: a\r\n" + lines_of(program);
    Wire wire(server->port());
    wire.send(head + "Content-Length: 100000\r\n\r\nshort");
    wire.end();
    EXPECT_EQ(wire.read().code(), "body_truncated");
    EXPECT_EQ(raw(head + "Content-Length: 999999999\r\n\r\n").status, 413);
    EXPECT_EQ(changes_made(), before);
}

TEST_F(Input, StreamedAnswersHaveALength) {
    const auto reply = get("/streamed");
    EXPECT_EQ(std::stoul(reply.header("content-length")), reply.body.size());
    EXPECT_EQ(reply.body.substr(reply.body.size() - 9), "line 999\n");
}

} // namespace

} // namespace cunmai::test
