#include "tests/integration/api/district.hpp"

#include "adapters/app/background.hpp"
#include "adapters/demo/seed.hpp"
#include "adapters/http/api/api.hpp"
#include "adapters/http/api/openapi.hpp"
#include "adapters/http/edge/cookies.hpp"
#include "adapters/services/administration.hpp"
#include "adapters/services/schema.hpp"
#include "adapters/services/sign_in.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace cunmai::test {

namespace {

struct Somebody {
    std::string login, role, qualifier, place;
};

const std::vector<Somebody>& somebodies() {
    static const std::vector<Somebody> all{
        {"v-a", "village_officer", "", village_a},
        {"v-a2", "village_officer", "", village_a2},
        {"v-b", "village_officer", "", village_b},
        {"v-b2", "village_officer", "", village_b2},
        {"o-a", "town_officer", "", town_a},
        {"s-a", "town_supervisor", "", town_a},
        {"s-b", "town_supervisor", "", town_b},
        {"commander", "district_commander", "", town_a},
        {"coordinator", "village_coordinator", "party_building_instructor", village_a},
        {"reviewer", "department_reviewer", "organisation", district_a},
        {"panel", "panel_leader", "", district_a},
        {"panel-2", "panel_leader", "", district_a},
        {"secretary", "committee_secretary", "", district_a},
        {"chair", "committee_chair", "", district_a},
        {"m1", "committee_member", "", district_a},
        {"m2", "committee_member", "", district_a},
        {"auditor", "auditor", "", district_a},
        {"sysadmin", "system_administrator", "", district_a},
        {"secadmin", "security_administrator", "", district_a},
        {"auditadmin", "audit_administrator", "", district_a},
        {"panel-x", "panel_leader", "", district_x},
        {"v-x", "village_officer", "", village_x},
        {"nobody", "", "", ""}, // signed in, without any role
    };
    return all;
}

const Json* operation(const Json& document, const Call& call, std::string& pattern) {
    const auto path = call.path.substr(0, call.path.find('?'));
    std::string method = call.method;
    for (auto& letter : method) letter = static_cast<char>(std::tolower(letter));
    const Json* best = nullptr;
    for (const auto& [template_path, item] : document["paths"].items()) {
        std::size_t a = 0, b = 0;
        bool fits = true;
        while (fits && a < template_path.size() && b < path.size()) {
            if (template_path[a] == '{') {
                a = template_path.find('}', a) + 1;
                const auto end = path.find('/', b);
                fits = end != b;
                b = end == std::string::npos ? path.size() : end;
            } else {
                fits = template_path[a++] == path[b++];
            }
        }
        if (!fits || a != template_path.size() || b != path.size() || !item.contains(method)) continue;
        if (best && template_path.find('{') != std::string::npos) continue; // a literal matches more closely
        best = &item[method];
        pattern = template_path;
    }
    return best;
}

} // namespace

namespace {
District* present = nullptr;
}

District& District::the() {
    if (present) return *present;
    static const District whole_run;
    return *present;
}

District::District(const std::string& database, const std::string& folder) : before_(std::exchange(present, this)) {
    static int number = 0;
    const std::filesystem::path memory = "/dev/shm"; // thousands of small commits; durability is tested elsewhere
    folder_ = ((std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path()) /
               ("cunmai-api-" + std::to_string(getpid()) + "-" + std::to_string(++number)))
                  .string();
    if (!folder.empty()) folder_ = folder;
    Config config;
    config.port = 0;
    config.data_dir = folder_;
    config.database = database;
    config.demo = true;
    config.upload_max_bytes = 1 << 20;
    config.body_max_bytes = 256 << 10;
    config.lockout_failures = 3;
    app_ = std::make_unique<App>(config, true);
    seed::install_defaults(*app_);
    add_places();
    add_people();
    routes_ = http::api_routes();
    document_ = http::api::openapi_document(routes_, app_->registry);
    app_->settle_now = settle;
    server_ = std::make_unique<http::Server>(*app_, http::whole_site());
    server_->start();
}

District::~District() {
    present = before_;
    server_->stop();
    server_.reset();
    app_.reset();
    std::filesystem::remove_all(folder_);
}

void District::add_places() {
    const auto path = [](std::initializer_list<const char*> codes) {
        std::string text = "/";
        for (const auto* code : codes) text += std::string(code) + "/";
        return text;
    };
    app_->places.import({{district_a, "示例甲区", "", "district", path({district_a})},
                         {town_a, "示例东镇", district_a, "town", path({district_a, town_a})},
                         {town_b, "示例西镇", district_a, "town", path({district_a, town_b})},
                         {village_a, "示例东一村", town_a, "village", path({district_a, town_a, village_a})},
                         {village_a2, "示例东二村", town_a, "village", path({district_a, town_a, village_a2})},
                         {village_b, "示例西一村", town_b, "village", path({district_a, town_b, village_b})},
                         {village_b2, "示例西二村", town_b, "village", path({district_a, town_b, village_b2})},
                         {district_x, "示例乙区", "", "district", path({district_x})},
                         {town_x, "示例南镇", district_x, "town", path({district_x, town_x})},
                         {village_x, "示例南一村", town_x, "village", path({district_x, town_x, village_x})}},
                        false);
}

void District::add_people() {
    const auto hash = administration::hash_password(password);
    for (const auto& [login, role, qualifier, place] : somebodies()) {
        db::Person person;
        person.id.text = id(login);
        person.login = login;
        person.name = "示例·" + login;
        person.language = "en";
        person.password_hash = hash;
        app_->people.add(person);
        if (role.empty()) continue;
        const auto found = app_->places.find(place);
        app_->people.add_grant(
            {"g-" + login, person.id, role, qualifier, place, found->path, found->name, app_->clock.now(), {"cli"}});
    }
}

const std::vector<std::string>& District::everybody() {
    static const std::vector<std::string> logins = [] {
        std::vector<std::string> all;
        for (const auto& one : somebodies()) all.push_back(one.login);
        return all;
    }();
    return logins;
}

std::string District::role_of(const std::string& login) {
    for (const auto& one : somebodies())
        if (one.login == login) return one.role;
    return "";
}

bool District::may_see(const std::string& login, const std::string& place_code) {
    for (const auto& one : somebodies())
        if (one.login == login)
            return !one.place.empty() && one.role.find("administrator") == std::string::npos &&
                   place_code.rfind(one.place, 0) == 0;
    return false;
}

const std::string& District::token(const std::string& login) {
    auto& token = tokens_[login];
    if (token.empty()) {
        HttpClient client(port());
        const auto answer = client.send({"POST",
                                         "/api/v1/session",
                                         Json{{"login", login}, {"password", password}}.dump(),
                                         {{"Content-Type", "application/json"}}});
        EXPECT_EQ(answer.status, 201) << login << ": " << answer.body;
        token = answer.json().value("token", "");
    }
    return token;
}

void District::hold_against_document(const Call& call, const Answer& answer) {
    std::string pattern;
    const auto* described = operation(document_, call, pattern);
    const auto where =
        call.method + " " + call.path + " -> " + std::to_string(answer.status) + " " + answer.body.substr(0, 600);
    if (!described) {
        EXPECT_TRUE(answer.status == 404 || answer.status == 405) << "not in the document: " << where;
        return;
    }
    seen_.insert(call.method + " " + pattern + " " + std::to_string(answer.status));
    const auto& responses = (*described)["responses"];
    const auto status = std::to_string(answer.status);
    if (!responses.contains(status)) {
        ADD_FAILURE() << "status is not in the document: " << where;
        return;
    }
    const Json* response = &responses[status];
    if (response->contains("$ref")) {
        const std::string ref = (*response)["$ref"];
        response = &document_["components"]["responses"][ref.substr(ref.rfind('/') + 1)];
    }
    if (!response->contains("content")) {
        EXPECT_TRUE(answer.body.empty()) << "a body where none is described: " << where;
        return;
    }
    auto type = answer.header("Content-Type");
    type = type.substr(0, type.find(';'));
    ASSERT_TRUE((*response)["content"].contains(type))
        << "content type " << type << " is not in the document: " << where;
    const auto& media = (*response)["content"][type];
    if (type.find("json") == std::string::npos || !media.contains("schema")) return;
    const auto value = Json::parse(answer.body, nullptr, false);
    ASSERT_FALSE(value.is_discarded()) << "not JSON: " << where;
    const auto wrong = schema::violations(media["schema"], value, document_["components"]["schemas"]);
    EXPECT_TRUE(wrong.empty()) << engine::to_json(wrong).dump() << "\n" << where;
}

// ---- clients --------------------------------------------------------------------------------------------------------

Client::Client(std::string login) : login_(std::move(login)), client_(District::the().port()) {
    client_.observer = [](const Call& call, const Answer& answer) {
        District::the().hold_against_document(call, answer);
    };
}

Answer Client::raw(const std::string& method, const std::string& path, const std::string& body,
                   std::map<std::string, std::string> headers) {
    if (!login_.empty()) headers.emplace("Authorization", "Bearer " + District::the().token(login_));
    return client_.send({method, "/api/v1" + path, body, std::move(headers)});
}

Answer Client::get(const std::string& path) { return raw("GET", path, ""); }
Answer Client::remove(const std::string& path) { return raw("DELETE", path, ""); }

Answer Client::post(const std::string& path, const Json& body, std::map<std::string, std::string> headers) {
    if (body.is_null()) return raw("POST", path, "", std::move(headers));
    headers.emplace("Content-Type", "application/json");
    return raw("POST", path, body.dump(), std::move(headers));
}

Answer Client::put(const std::string& path, const Json& body) {
    return raw("PUT", path, body.dump(), {{"Content-Type", "application/json"}});
}
Answer Client::patch(const std::string& path, const Json& body) {
    return raw("PATCH", path, body.dump(), {{"Content-Type", "application/json"}});
}

Answer Client::submit(const std::string& page, const std::string& form) {
    const auto ticket = *sign_in::attempt(District::the().app(), login_, password, "browser", "", "127.0.0.1").ticket;
    HttpClient browser(District::the().port());
    return browser.send({"POST",
                         page,
                         form,
                         {{"Cookie", std::string(http::session_cookie_name) + "=" + ticket.token},
                          {"Origin", "http://127.0.0.1:" + std::to_string(District::the().port())},
                          {"X-CSRF-Token", ticket.csrf},
                          {"Content-Type", "application/x-www-form-urlencoded"}}});
}

Answer Client::browse(const std::string& page) {
    auto& app = District::the().app();
    const auto ticket = *sign_in::open(app, *app.people.by_login(login_), "browser", "");
    HttpClient browser(District::the().port());
    return browser.send({"GET", page, "", {{"Cookie", std::string(http::session_cookie_name) + "=" + ticket.token}}});
}

Answer Client::open(const std::string& definition, const std::string& place, const Json& payload,
                    const std::string& command) {
    Json body{{"definition", definition}, {"place", place}, {"payload", payload}};
    if (!command.empty()) body["command"] = command;
    return post("/cases", body, {{"Idempotency-Key", fresh_key()}});
}

Answer Client::give(const std::string& case_id, const std::string& command, const Json& payload) {
    const auto seen = get("/cases/" + case_id);
    if (seen.status != 200) return seen;
    return give_at(seen.json().at("version"), case_id, command, payload, fresh_key());
}

Answer Client::give_at(std::int64_t version, const std::string& case_id, const std::string& command,
                       const Json& payload, const std::string& key) {
    return post("/cases/" + case_id + "/commands/" + command, payload,
                {{"If-Match", '"' + std::to_string(version) + '"'}, {"Idempotency-Key", key}});
}

std::string Client::upload(const std::string& name, const std::string& type, const std::string& content) {
    const auto answer = raw("POST", "/attachments?name=" + name, content, {{"Content-Type", type}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json().value("sha256", "");
}

std::string fresh_key() {
    static std::atomic<int> number{0};
    return "test-key-" + std::to_string(++number) + "-" + std::to_string(getpid());
}

std::string some_pdf(const std::string& what) { return "%PDF-1.4\n% " + what + "\n%%EOF\n"; }

std::string good_answers(const std::string& village) {
    const auto catalogue = as("v-a").get("/catalogue").json();
    Json answers = Json::object();
    for (const auto& indicator : catalogue.at("indicators"))
        answers[indicator.at("code").get<std::string>()] = {{"not_applicable", true},
                                                            {"reason", "示例：" + village + "没有这一项"}};
    return Json{{"catalogue_version", catalogue.at("version")}, {"answers", answers}}.dump();
}

std::string case_in(const std::string& state, const std::string& village) {
    const bool in_a = std::string(village).rfind(town_a, 0) == 0;
    const std::string officer = village == std::string(village_a)    ? "v-a"
                                : village == std::string(village_a2) ? "v-a2"
                                : village == std::string(village_b)  ? "v-b"
                                                                     : "v-b2";
    const auto before = as("panel").get("/cases?definition=village_lifecycle&status=open&place=" + village).json();
    for (const auto& one : before.at("items")) {
        const auto minutes = as("panel").upload("minutes.pdf", "application/pdf", some_pdf("minutes"));
        const auto ended = as("panel").give(one.at("id"), "terminate", {{"minutes", minutes}, {"reason", "示例撤并"}});
        EXPECT_EQ(ended.status, 200) << ended.body;
    }
    const auto opened = as("panel").open("village_lifecycle", village);
    EXPECT_EQ(opened.status, 201) << opened.body;
    const std::string id = opened.json().value("case_id", "");
    if (state == "self_check") return id;
    const auto answers = as(officer).upload("answers.json", "application/json", good_answers(village));
    const auto submitted = as(officer).give(id, "submit_self_check", {{"answers", answers}});
    EXPECT_EQ(submitted.status, 200) << submitted.body;
    if (state == "town_screening") return id;
    const auto nominated =
        as(in_a ? "s-a" : "s-b").give(id, "nominate", {{"category", "organisation"}, {"study_record", "示例研究记录"}});
    EXPECT_EQ(nominated.status, 200) << nominated.body;
    return id;
}

} // namespace cunmai::test
