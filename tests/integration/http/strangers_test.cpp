// What the server does for those who are not signed in, or not there any more: little, or nothing.
#include "tests/integration/http/server_fixture.hpp"

#include "adapters/http/pages/pages.hpp"

#include <filesystem>

namespace cunmai::test {

namespace {

constexpr const char* json_type = "application/json";
constexpr const char* form_type = "application/x-www-form-urlencoded";

class Strangers : public HttpTest {
  protected:
    bool has_temp_file() const {
        const auto folder_of_files = folder.path + "/tmp";
        return std::filesystem::exists(folder_of_files) && !std::filesystem::is_empty(folder_of_files);
    }
    // A long form with a file of so many bytes, as a browser sends it whose session has ended.
    std::string long_form(std::size_t file_bytes) const {
        const std::string body = "--XYZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n说明\r\n"
                                 "--XYZ\r\nContent-Disposition: form-data; name=\"by\"\r\n\r\na\r\n"
                                 "--XYZ\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\n" +
                                 std::string(file_bytes, 'a') + "\r\n--XYZ--\r\n";
        return "POST /form HTTP/1.1\r\nHost: " + host() + "\r\nOrigin: " + origin() +
               "\r\nContent-Type: multipart/form-data; boundary=XYZ\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }
};

TEST_F(Strangers, SendEightKibibytesOfJson) {
    add_person("a");
    const auto program = as_program(signed_in("a", "bearer"));
    const auto text = [](std::size_t bytes) { return "\"" + std::string(bytes - 2, 'a') + "\""; };
    EXPECT_EQ(post("/api/v1/echo", json_type, text(8192)).status, 200);
    const auto refused = post("/api/v1/echo", json_type, text(8193), {{"Accept-Language", "en"}});
    EXPECT_EQ(refused.status, 413);
    EXPECT_EQ(refused.code(), "body_too_large");
    EXPECT_NE(refused.json()["detail"].get<std::string>().find("8 KB"), std::string::npos) << refused.body;
    EXPECT_EQ(post("/api/v1/echo", form_type, "a=" + std::string(10'000, 'a')).status, 413) << "whatever its type";
    EXPECT_EQ(changes_made(), 1);
    EXPECT_EQ(post("/api/v1/echo", json_type, text(1'000'000), program).status, 200);
    EXPECT_EQ(post("/api/v1/change", json_type, text(1'000'000), program).status, 200);
}

TEST_F(Strangers, SendFormsAsLongAsAFilledOne) {
    const auto page = get("/hello");
    const auto cookie = page.header("set-cookie");
    const auto token = page.body.substr(page.body.find("<p>") + 3, page.body.find("</p>") - page.body.find("<p>") - 3);
    const Headers browser{{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Origin", origin()}};
    EXPECT_EQ(post("/hello", form_type, "csrf=" + token + "&a=" + std::string(1'000'000, 'a'), browser).status, 200);
    EXPECT_EQ(post("/hello", form_type, "csrf=" + token + "&a=" + std::string(1'100'000, 'a'), browser).status, 413);
}

TEST_F(Strangers, WriteNothingToTheDisk) {
    const auto form = long_form(3'000'000);
    Wire wire(server->port());
    wire.send(std::string_view(form).substr(0, 2'000'000));
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_connections_working") == 1; }));
    EXPECT_FALSE(wire.hears_within(std::chrono::milliseconds(200)));
    EXPECT_FALSE(has_temp_file());
    wire.send(std::string_view(form).substr(2'000'000));
    const auto page = wire.read();
    EXPECT_EQ(page.status, 401);
    EXPECT_NE(page.body.find("说明"), std::string::npos) << "what was typed comes back";
    EXPECT_FALSE(has_temp_file());
    EXPECT_EQ(changes_made(), 0);

    const std::string part = "--XYZ\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.txt\"\r\n\r\n" +
                             std::string(500'000, 'a') + "\r\n--XYZ--\r\n";
    const auto open = post("/hello", "multipart/form-data; boundary=XYZ", part, {{"Origin", origin()}});
    EXPECT_EQ(open.status, 403) << open.body; // no token
    EXPECT_FALSE(has_temp_file());
}

TEST_F(Strangers, WhoseFormIsCutShortGetNoPage) {
    const auto form = long_form(100'000);
    Wire wire(server->port());
    wire.send(std::string_view(form).substr(0, 50'000));
    wire.end();
    EXPECT_EQ(wire.read().status, 400);
}

TEST_F(Strangers, GetNoRouteThatWouldKeepWhatTheySend) {
    auto routes = http::core_routes();
    routes.push_back({.method = "POST",
                      .pattern = "/x",
                      .access = http::Access::open,
                      .handler = [](App&, const http::Request&) { return http::Response{}; },
                      .streams = true});
    EXPECT_THROW(http::Server(*app, http::Site{routes, http::page_faces()}, limits), std::logic_error);
}

// ---- clients that have gone

class Gone : public HttpTest {
  protected:
    bool nothing_is_under_way() {
        return eventually([this] { return metric("cunmai_http_connections_working") == 0; });
    }
};

TEST_F(Gone, BeforeTheHandlerBeginsNothingIsDone) {
    auto config = app->config;
    config.threads = 1;
    start(config);
    Wire first(server->port());
    first.send("POST /api/v1/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    gate().wait_for(1);
    auto second = std::make_unique<Wire>(server->port());
    second->send("POST /api/v1/wait HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(eventually([&] { return metric("cunmai_http_waiting") == 1; }));
    second.reset();
    gate().open();
    EXPECT_EQ(first.read().status, 200);
    EXPECT_TRUE(nothing_is_under_way());
    EXPECT_EQ(changes_made(), 1);
    EXPECT_EQ(metric("cunmai_http_requests_total{method=\"POST\",route=\"/api/v1/wait\",status=\"499\"}"), 1)
        << app->metrics.text();
}

TEST_F(Gone, BeforeTheCommandIsGivenNothingIsDone) {
    add_person("a");
    const auto request = "POST /api/v1/command HTTP/1.1\r\nHost: a\r\n" +
                         lines_of(as_program(signed_in("a", "bearer"))) + "Content-Length: 0\r\n\r\n";
    auto leaves = std::make_unique<Wire>(server->port());
    leaves->send(request);
    gate().wait_for(1);
    leaves.reset();
    Wire stays(server->port());
    stays.send(request);
    gate().wait_for(2);
    gate().open();
    EXPECT_EQ(stays.read().status, 200);
    EXPECT_TRUE(nothing_is_under_way());
    EXPECT_EQ(changes_made(), 1);
}

} // namespace

} // namespace cunmai::test
