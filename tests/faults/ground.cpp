#include "tests/faults/ground.hpp"

#include "adapters/services/verifier.hpp"
#include "db/cases/cases.hpp"
#include "db/operations/backup.hpp"
#include "tests/simulation/officers.hpp"
#include "tests/support/mariadb.hpp"
#include "workflows/roles.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace cunmai::faults {

using namespace engine;
using simulation::world;

namespace {

std::string new_folder() {
    std::string folder = "/var/tmp/cunmai-faults-XXXXXX";
    if (!::mkdtemp(folder.data())) throw std::runtime_error("no folder for the test");
    return folder;
}

// The database is settled once and then copied.
const std::string& settled_file() {
    static const struct Settled {
        Settled() : folder(new_folder()), file(folder + "/settled.db") {
            Clock clock;
            db::Database database({.url = "sqlite:" + file, .secret = "secret"}, clock);
            simulation::settle_world(database);
        }
        ~Settled() {
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
        }
        std::string folder, file;
    } settled;
    return settled.file;
}

} // namespace

Ground::Ground(const std::string& kind) : folder_(new_folder()) {
    if (kind == "sqlite") {
        std::filesystem::copy(settled_file(), folder_ + "/cunmai.db");
        url = "sqlite:" + folder_ + "/cunmai.db";
        return;
    }
    url = test::new_mariadb_database();
    open();
    simulation::settle_world(*database_);
    close();
}

Ground::Ground(const std::string& address, const std::string& dir) : url(address), folder_(dir) {
    open();
    simulation::settle_world(*database_);
    close();
}

Ground::~Ground() {
    close();
    std::error_code ignored;
    if (folder_.rfind("/var/tmp/cunmai-faults-", 0) == 0) std::filesystem::remove_all(folder_, ignored);
}

void Ground::open(Probe probe) {
    db::Database::Options options;
    options.url = url;
    options.secret = "secret";
    options.busy_timeout_ms = 2000;
    options.probe = std::move(probe);
    database_ = std::make_unique<db::Database>(options, clock);
    backend_ = std::make_unique<simulation::SqlBackend>(*database_);
    service_ = std::make_unique<CaseService>(*database_, world().registry, workflows::all_roles(), clock,
                                             std::string("a secret of the fault tests"));
}

void Ground::close() {
    service_.reset();
    backend_.reset();
    database_.reset();
}

std::string Ground::digest() { return db::backup(*database_, folder_ + "/digest", {}).sha256; }

std::int64_t Ground::events(const CaseId& id) {
    return static_cast<std::int64_t>(db::Cases(*database_).events(id).size());
}

void Ground::come_to_rest() {
    constexpr int at_once = 100, lease_seconds = 60;
    for (bool worked = true; worked;) {
        std::vector<Firing> due;
        for (const auto& timer : backend_->claim_timers(at_once, clock.now(), lease_seconds))
            due.push_back({timer.case_id, timer.key, timer.command});
        service_->fire_all(due, [](const Firing& timer, const std::exception& error) {
            throw std::runtime_error("timer " + timer.timer_key + " of " + timer.case_id.text + ": " + error.what());
        });
        const auto notices = backend_->claim_notices(at_once, clock.now(), lease_seconds);
        for (const auto& notice : notices) {
            for (const auto& person : world().recipients(notice.notice, notice.place_path)) {
                backend_->inbox_add(notice, person);
                backend_->queue_mail(notice, person);
            }
            backend_->notice_done(notice);
        }
        const auto mails = backend_->claim_mails(at_once, clock.now(), lease_seconds);
        for (const auto& mail : mails) {
            ++mails_[mail.id];
            backend_->mail_sent(mail, clock.now());
        }
        worked = !due.empty() || !notices.empty() || !mails.empty();
    }
}

std::vector<std::string> Ground::verify(const ClientLog& log) {
    come_to_rest();
    const auto kept = backend_->kept();
    const simulation::Kept nothing;
    auto found = simulation::check({kept, log, {}, mails_, clock.now(), true, 0, nothing});
    const auto damaged = verify_replay(url, folder_ + "/verify");
    found.insert(found.end(), damaged.begin(), damaged.end());
    return found;
}

std::vector<std::string> verify_replay(const std::string& url, const std::string& folder) {
    Config config;
    config.database = url;
    config.data_dir = folder;
    App app(config, false);
    std::vector<std::string> found;
    for (const auto& damage : verifier::verify(app, {.replay = true, .only = {}}).damage)
        found.push_back("verify: " + damage.case_id.text + damage.kind + ' ' + damage.name + " event " +
                        std::to_string(damage.seq) + ' ' + damage.what);
    return found;
}

Load Ground::load(const std::string& prefix, std::function<void(const Json&)> say, std::function<bool()> stop) {
    return {[this](const auto& request) { return execute(request); },
            backend(),
            clock,
            prefix,
            std::move(say),
            std::move(stop)};
}

CommandRequest opening(const std::string& village, const std::string& key) {
    CommandRequest request;
    request.definition = "village_lifecycle";
    request.place_code = village;
    request.name = "open_targeted";
    request.payload = {{"reason", "示例：定向核查"}};
    request.actor = {"pl1"};
    request.idempotency_key = request.request_id = key;
    return request;
}

CommandRequest command(const CaseId& id, std::int64_t version, const std::string& name, Json payload,
                       const std::string& person, const std::string& key) {
    CommandRequest request;
    request.case_id = id;
    request.expected_version = version;
    request.name = name;
    request.documents = simulation::documents_named(payload.dump());
    request.payload = std::move(payload);
    request.actor = {person};
    request.idempotency_key = request.request_id = key;
    return request;
}

Json visit(const engine::Clock& clock) {
    return {{"participants", "示例访谈对象"},
            {"held_on", to_text(local_date(clock.now()))},
            {"venue", "示例村委会"},
            {"findings", "示例：情况一致"}};
}

Json to_json(const CommandRequest& request) {
    return {{"case_id", request.case_id},    {"definition", request.definition},
            {"place", request.place_code},   {"version", request.expected_version.value_or(-1)},
            {"name", request.name},          {"payload", request.payload},
            {"actor", request.actor},        {"key", request.idempotency_key},
            {"documents", request.documents}};
}

CommandRequest request_of(const Json& json) {
    auto request = command({json.at("case_id").get<std::string>()}, json.at("version"), json.at("name"),
                           json.at("payload"), json.at("actor"), json.at("key"));
    if (*request.expected_version < 0) request.expected_version.reset();
    request.definition = json.at("definition");
    request.place_code = json.at("place");
    request.documents = json.at("documents");
    return request;
}

// Nullopt: stopped before there was an answer.
std::optional<Outcome> Load::give(CommandRequest request) {
    say({{"sent", to_json(request)}});
    for (;;) {
        try {
            const auto outcome = execute(request);
            if (outcome.kind == Outcome::Kind::accepted)
                say({{"accepted", request.idempotency_key},
                     {"case", outcome.case_id},
                     {"version", outcome.version},
                     {"state", outcome.state}});
            else
                say({{"denied", request.idempotency_key}});
            return outcome;
        } catch (const StoreUnavailable& fault) {
            if (fault.outcome_unknown) say({{"unknown", request.idempotency_key}});
            if (stop()) return {};
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // Retry-After, in small
        }
    }
}

std::optional<CaseRow> Load::open_case(const std::string& village) {
    while (!stop()) {
        try {
            for (const auto& one : backend.cases())
                if (!one.final && one.definition == "village_lifecycle")
                    if (auto row = backend.row(one.id); row && row->place.code == village) return row;
            return {};
        } catch (const StoreUnavailable&) {                             // the database is gone, too
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // Retry-After, in small
        }
    }
    return {};
}

void Load::work(std::size_t number) {
    const auto& village = world().villages.at(number);
    const auto supervisor = village[8] == '1' ? "ts1" : "ts2";
    int given = 0;
    const auto next_key = [&] { return prefix + std::to_string(number) + '-' + std::to_string(++given); };
    const auto going_on = [&] { return !stop() && given < commands_max; };
    while (going_on()) {
        auto outcome = give(opening(village, next_key()));
        if (!outcome) return;
        if (outcome->kind != Outcome::Kind::accepted) { // a case is still open there: it is ended first
            if (const auto row = open_case(village))
                give(command(row->id, row->version, "terminate", {{"minutes", world().evidence}}, "pl2", next_key()));
            continue;
        }
        const auto id = outcome->case_id;
        const std::vector<std::tuple<const char*, Json, const char*>> life{
            {"nominate", {{"category", "economy"}, {"study_record", "示例"}}, supervisor},
            {"record_interview", visit(clock), "dr-organisation"},
            {"endorse", Json::object(), "pl1"}, // refused: nobody has signed
            {"record_courtyard_meeting", visit(clock), "dr-justice"},
            {"sign_opinion",
             {{"department", "organisation"}, {"opinion", "endorse"}, {"text", "示例"}},
             "dr-organisation"},
            {"terminate", {{"minutes", world().evidence}}, "pl2"}};
        auto version = outcome->version;
        for (const auto& [name, payload, person] : life) {
            if (!going_on()) return;
            outcome = give(command(id, version, name, payload, person, next_key()));
            if (!outcome) return;
            if (outcome->kind == Outcome::Kind::accepted) version = outcome->version;
        }
    }
}

void Load::run(std::size_t officers) {
    std::vector<std::jthread> threads;
    for (std::size_t number = 0; number < officers; ++number) threads.emplace_back([this, number] { work(number); });
}

void Listener::hear(const Json& said) {
    const std::lock_guard lock(mutex_);
    if (said.contains("sent")) {
        auto request = request_of(said.at("sent"));
        const auto key = request.idempotency_key;
        log[key].request = std::move(request);
    } else if (said.contains("accepted")) {
        auto& asked = log.at(said.at("accepted"));
        ++asked.accepted;
        asked.first.kind = Outcome::Kind::accepted;
        asked.first.case_id.text = said.at("case");
        asked.first.version = said.at("version");
        asked.first.state = said.at("state");
    } else if (said.contains("unknown")) {
        ++log.at(said.at("unknown")).unknown;
    } else {
        ++log.at(said.at("denied")).denied;
    }
}

void ask_again(const std::function<Outcome(const CommandRequest&)>& execute, ClientLog& log) {
    const auto answer = [&](const CommandRequest& request) {
        for (int attempt = 1;; ++attempt) {
            try {
                return execute(request);
            } catch (const StoreUnavailable&) {
                if (attempt == 100) throw;
                std::this_thread::sleep_for(std::chrono::milliseconds(50)); // Retry-After, in small
            }
        }
    };
    for (auto& [key, asked] : log) {
        if (asked.accepted > 0 || asked.denied > 0) continue;
        const auto outcome = answer(asked.request);
        if (outcome.kind == Outcome::Kind::accepted) {
            ++asked.accepted;
            asked.first = outcome;
        } else {
            ++asked.denied;
        }
    }
}

void ask_again(Ground& ground, ClientLog& log) {
    ask_again([&](const CommandRequest& request) { return ground.execute(request); }, log);
}

} // namespace cunmai::faults
