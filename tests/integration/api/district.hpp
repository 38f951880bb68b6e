// A running server over a temporary SQLite file, with an invented district: 示例甲区 with two towns of two villages
// each, and 示例乙区, of which nobody in 示例甲区 may know anything. One person per role; everybody's password is the
// same.
#pragma once

#include "adapters/http/edge/server.hpp"
#include "adapters/services/app.hpp"
#include "tests/support/http_client.hpp"

#include <set>

namespace cunmai::test {

inline constexpr auto password = "right-horse-1";

// Places of the invented districts.
inline constexpr auto district_a = "990100", town_a = "990100001", town_b = "990100002", village_a = "990100001201",
                      village_a2 = "990100001202", village_b = "990100002201", village_b2 = "990100002202",
                      district_x = "990200", town_x = "990200001", village_x = "990200001201";

class District {
  public:
    // Started when first asked for, stopped at the end of the run. While another one lives, that one.
    static District& the();
    // Another one, over a database of its own ("": SQLite), in a folder of its own, for tests that do it harm.
    explicit District(const std::string& database = "", const std::string& folder = "");

    App& app() const { return *app_; }
    const std::string& folder() const { return folder_; }
    int port() const { return server_->port(); }
    const std::vector<http::Route>& routes() const { return routes_; }
    const std::string& token(const std::string& login); // signed in, kept
    void forget_tokens() { tokens_.clear(); }           // after the clock has moved
    static std::string id(const std::string& login) { return "p-" + login; }
    static const std::vector<std::string>& everybody(); // logins
    static std::string role_of(const std::string& login);
    // From the fixture alone, without asking the server: codes nest, so a jurisdiction covers what begins with its
    // code.
    static bool may_see(const std::string& login, const std::string& place_code);

    // Every answer must be one that the document describes.
    void hold_against_document(const Call& call, const Answer& answer);
    const std::set<std::string>& seen() const { return seen_; } // "GET /api/v1/cases 200"

    ~District();
    District(const District&) = delete;

  private:
    void add_places();
    void add_people();

    District* const before_;
    std::string folder_;
    std::unique_ptr<App> app_;
    std::vector<http::Route> routes_;
    std::unique_ptr<http::Server> server_;
    Json document_;
    std::map<std::string, std::string> tokens_;
    std::set<std::string> seen_;
};

// Somebody at the API. `as("s-a").get("/cases")`; paths start behind /api/v1.
class Client {
  public:
    explicit Client(std::string login); // "": nobody

    Answer get(const std::string& path);
    Answer post(const std::string& path, const Json& body, std::map<std::string, std::string> headers = {});
    Answer put(const std::string& path, const Json& body);
    Answer patch(const std::string& path, const Json& body);
    Answer remove(const std::string& path);
    Answer raw(const std::string& method, const std::string& path, const std::string& body,
               std::map<std::string, std::string> headers = {});

    // With a fresh idempotency key, unless one is given.
    Answer open(const std::string& definition, const std::string& place, const Json& payload = Json::object(),
                const std::string& command = "");
    Answer give(const std::string& case_id, const std::string& command,
                const Json& payload = Json::object()); // at the current version
    Answer give_at(std::int64_t version, const std::string& case_id, const std::string& command, const Json& payload,
                   const std::string& key);
    Answer submit(const std::string& page, const std::string& form); // a form in a browser: "reason=x&version=2"
    Answer browse(const std::string& page);                          // a page in a browser, signed in
    std::string upload(const std::string& name, const std::string& type, const std::string& content); // its hash

  private:
    std::string login_;
    HttpClient client_;
};

inline Client as(const std::string& login) { return Client(login); }
std::string fresh_key();
std::string some_pdf(const std::string& what);

// All indicators answered, none of them red; as a document's text, each village's its own.
std::string good_answers(const std::string& village);

// A case of the village in the state, made by the right people through the API: self_check, town_screening,
// department_review.
std::string case_in(const std::string& state, const std::string& village);

} // namespace cunmai::test
