#include "tests/faults/served.hpp"

#include "db/kernel/database_impl.hpp"
#include "engine/fingerprint.hpp"
#include "tests/simulation/simulation.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/processes.hpp"

#include <Poco/Exception.h>

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace cunmai::faults {

using namespace engine;
using simulation::world;

namespace {

constexpr const char* mail_domain = "demo.invalid";
constexpr auto patience = std::chrono::seconds(60);
constexpr std::string_view tag_begin = "〔", tag_end = "〕";

std::string token_of(const PersonId& person) { return sha256_hex("token of " + person.text).substr(0, 43); }

// The payload of a command contains its idempotency key, so that its effect is recognised whichever attempt had it.
Json tagged(const CommandRequest& request) {
    static const std::map<std::string, std::string> text_fields{{"open_targeted", "reason"},
                                                                {"nominate", "study_record"},
                                                                {"record_interview", "findings"},
                                                                {"sign_opinion", "text"},
                                                                {"record_courtyard_meeting", "findings"},
                                                                {"terminate", "reason"}};
    auto payload = request.payload;
    if (const auto field = text_fields.find(request.name); field != text_fields.end())
        payload[field->second] = "示例" + std::string(tag_begin) + request.idempotency_key + std::string(tag_end);
    return payload;
}

std::string key_of(const Event& event) {
    const auto begin = event.payload.find(tag_begin), end = event.payload.find(tag_end);
    if (begin == std::string::npos || end == std::string::npos) return "";
    return event.payload.substr(begin + tag_begin.size(), end - begin - tag_begin.size());
}

test::Call call_for(const CommandRequest& request) {
    test::Call call{"POST", "/api/v1/cases", "", {}};
    if (request.case_id.empty()) {
        call.body = Json{{"definition", request.definition},
                         {"place", request.place_code},
                         {"command", request.name},
                         {"payload", tagged(request)}}
                        .dump();
    } else {
        call.path += '/' + request.case_id.text + "/commands/" + request.name;
        call.body = tagged(request).dump();
        call.headers["If-Match"] = '"' + std::to_string(*request.expected_version) + '"';
    }
    call.headers["Content-Type"] = "application/json";
    call.headers["Idempotency-Key"] = request.idempotency_key;
    call.headers["Authorization"] = "Bearer " + token_of(request.actor);
    return call;
}

Outcome outcome_of(const test::Answer& answer, const CommandRequest& request) {
    const auto body = answer.json();
    Outcome outcome;
    switch (answer.status) {
    case 200:
    case 201:
        outcome.kind = Outcome::Kind::accepted;
        outcome.case_id.text = body.at("case_id");
        outcome.version = body.at("version");
        outcome.state = body.at("state");
        outcome.replayed = body.at("replayed");
        break;
    case 409:
        outcome.kind = Outcome::Kind::conflict;
        outcome.version = body.at("version");
        break;
    case 403: outcome.kind = Outcome::Kind::forbidden; break;
    case 404: outcome.kind = Outcome::Kind::not_found; break;
    case 422: outcome.kind = Outcome::Kind::refused; break;
    case 429:
    case 503: throw StoreUnavailable("told to come back", body.value("outcome_unknown", false));
    default:
        ADD_FAILURE() << request.name << ": " << answer.status << ' ' << answer.body;
        outcome.kind = Outcome::Kind::invalid;
    }
    return outcome;
}

} // namespace

Served::Served(const std::string& kind, int servers) {
    std::string pattern = "/var/tmp/cunmai-served-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder for the test");
    folder_ = pattern;
    config_file_ = folder_ + "/cunmai.toml";
    const auto url = kind == "sqlite"    ? "sqlite:" + folder_ + "/cunmai.db"
                     : kind == "mariadb" ? test::new_mariadb_database()
                                         : kind;
    std::ofstream(config_file_) << "[server]\nthreads = 6\n[data]\ndirectory = \"" << folder_ << "\"\ndatabase = \""
                                << url << "\"\ndemo = true\n[mail]\nhost = \"127.0.0.1\"\nport = " << receiver_.port()
                                << "\nsecurity = \"none\"\nfrom = \"cunmai@" << mail_domain << "\"\n";
    Config config;
    config.data_dir = folder_;
    config.database = url;
    config.demo = true;
    app_ = std::make_unique<App>(config, true);
    backend_ = std::make_unique<simulation::SqlBackend>(app_->database);
    settle();
    before_ = backend_->kept();
    for (const int port : test::free_ports(servers)) servers_.push_back({port, -1});
    for (int server = 0; server < servers; ++server) start(server);
}

Served::~Served() {
    for (int server = 0; server < servers(); ++server) kill(server);
    if (testing::Test::HasFailure())
        for (int server = 0; server < servers(); ++server)
            std::cout << "server " << server << ": …" << log_of(server) << '\n';
    backend_.reset();
    app_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Served::settle() {
    simulation::settle_world(app_->database);
    const auto life = simulation::a_life();
    simulation::move_in(app_->database, life.tables);
    app_->clock.set_offset(life.now.micros - SystemClock().now().micros);
    forward(1);
    for (const auto& id : world().people) {
        auto person = *app_->people.find(id);
        person.email = id.text + '@' + mail_domain;
        app_->people.update(person);
        db::Session session;
        session.token_hash = sha256_hex(token_of(id));
        session.person = id;
        session.kind = "bearer";
        session.created_at = session.seen_at = app_->clock.now();
        session.expires_at = app_->clock.now().plus_seconds(10'000 * simulation::day_seconds);
        app_->sessions.add(session);
    }
    for (const auto& sha256 : {world().evidence, world().answers}) { // minutes for ending a case, answers of that life
        std::istringstream content(world().documents.at(sha256));
        app_->documents.add(content, "a.txt", "text/plain", {"pl2"}, app_->clock.now(), 10'000'000);
    }
}

std::function<Outcome(const CommandRequest&)> Served::officer() {
    struct Officer {
        std::vector<test::HttpClient> clients;
        std::size_t at = 0;
    };
    auto officer = std::make_shared<Officer>();
    // A short time-out, so that a command goes to another server while a frozen one still holds it.
    for (const auto& server : servers_) officer->clients.emplace_back(server.port, std::chrono::milliseconds(700));
    static std::atomic<std::size_t> number = 0;
    officer->at = number++ % officer->clients.size();
    return [officer](const CommandRequest& request) {
        auto& client = officer->clients[officer->at];
        try {
            return outcome_of(client.send(call_for(request)), request);
        } catch (const Poco::Exception&) {
            officer->at = (officer->at + 1) % officer->clients.size();
            throw StoreUnavailable("no answer", true);
        }
    };
}

void Served::kill(int server) {
    auto& process = servers_.at(static_cast<std::size_t>(server));
    if (process.pid <= 0) return;
    ::kill(process.pid, SIGKILL);
    test::wait_for(process.pid);
    process.pid = -1;
}

void Served::start(int server) {
    auto& process = servers_.at(static_cast<std::size_t>(server));
    process.pid =
        test::spawn({CUNMAI_BINARY, "serve", "--config", config_file_, "--port", std::to_string(process.port)},
                    folder_ + "/server" + std::to_string(server) + ".log", test::RunAs::ourselves);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        try {
            if (test::HttpClient(process.port).send({"GET", "/healthz", "", {}}).status == 200) return;
        } catch (const Poco::Exception&) {
            if (test::has_ended(process.pid)) process.pid = -1;
            if (process.pid < 0 || std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("the server does not answer: " + log_of(server));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // between two questions
    }
}

void Served::freeze(int server) { ::kill(servers_.at(static_cast<std::size_t>(server)).pid, SIGSTOP); }
void Served::thaw(int server) { ::kill(servers_.at(static_cast<std::size_t>(server)).pid, SIGCONT); }

int Served::stop(int server) {
    auto& process = servers_.at(static_cast<std::size_t>(server));
    ::kill(process.pid, SIGTERM);
    const int status = test::wait_for(process.pid);
    process.pid = -1;
    return status;
}

void Served::forward(std::int64_t seconds) {
    app_->clock.set_offset(app_->clock.offset_micros() + seconds * 1'000'000);
    app_->rules.put_setting(clock_offset_setting, std::to_string(app_->clock.offset_micros()));
}

bool Served::is_at_rest() {
    const auto now = app_->clock.now();
    const auto next = app_->timers.next_due();
    if (next && *next <= now) return false;
    std::int64_t waiting = 0;
    app_->database.impl().read([&](db::Connection& connection) {
        connection.first_text("SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') + "
                              "(SELECT COUNT(*) FROM mails WHERE state = 'waiting')",
                              {}, {waiting});
    });
    if (waiting > 0) return false;
    rest_ = now;
    return true;
}

bool Served::come_to_rest() {
    constexpr std::int64_t longer_than_any_lease = 1200;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        forward(longer_than_any_lease);
        for (int question = 0; question < 100; ++question) {
            if (is_at_rest()) return true;
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(50)); // between two questions
        }
    }
}

simulation::FarEnd Served::arrived() const {
    simulation::FarEnd far_end;
    for (const auto& mail : receiver_.mails()) { // <outbox-digest@…> to <person@…>
        const auto id = mail.headers.at("message-id");
        const auto begin = mail.to.find('<') + 1;
        ++far_end[simulation::mail_id(id.substr(1, id.rfind('-') - 1),
                                      {mail.to.substr(begin, mail.to.find('@', begin) - begin)})];
    }
    return far_end;
}

std::vector<std::string> Served::verify(const ClientLog& log) {
    const auto kept = backend_->kept();
    auto found = simulation::check({kept, log, {}, arrived(), rest_, true, 0, before_, key_of});
    for (auto& damage : verify_replay()) found.push_back(std::move(damage));
    return found;
}

std::vector<std::string> Served::verify_replay() {
    const auto output = folder_ + "/verify.log";
    std::filesystem::remove(output);
    const auto status = test::wait_for(
        test::spawn({CUNMAI_BINARY, "verify", "--replay", "--config", config_file_}, output, test::RunAs::ourselves));
    if (status == 0) return {};
    std::ifstream in(output);
    return {"verify: " + std::string(std::istreambuf_iterator<char>(in), {})};
}

std::string Served::log_of(int server) const {
    std::ifstream in(folder_ + "/server" + std::to_string(server) + ".log");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    return text.substr(text.size() > 3000 ? text.size() - 3000 : 0);
}

Shift::Shift(Served& served, Listener& listener, const std::string& prefix, std::size_t officers)
    : listener_(listener) {
    for (std::size_t officer = 0; officer < officers; ++officer)
        threads_.emplace_back([this, &served, prefix, officer] {
            auto execute = served.officer();
            Load load{std::move(execute),
                      served.backend(),
                      served.clock(),
                      prefix,
                      [this](const Json& said) { hear(said); },
                      [this] { return over_.load(); }};
            load.work(officer);
        });
}

void Shift::hear(const Json& said) {
    listener_.hear(said);
    if (!said.contains("accepted")) return;
    const std::lock_guard lock(mutex_);
    ++acknowledged_;
    changed_.notify_all();
}

bool Shift::acknowledges(int more) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30),
                             [this, goal = acknowledged_ + more] { return acknowledged_ >= goal; });
}

int Shift::acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
}

void Shift::end() {
    over_ = true;
    threads_.clear();
}

} // namespace cunmai::faults
