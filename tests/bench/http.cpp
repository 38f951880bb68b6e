// Commands end to end: over HTTP, signed in, on 64 connections that are kept alive, against the same commands given in
// process by 64 submitters, in the same run. Server and load share the machine.
#include "adapters/app/background.hpp"
#include "adapters/http/edge/core_routes.hpp"
#include "adapters/http/edge/server.hpp"
#include "adapters/telemetry/log.hpp"
#include "tests/bench/at_once.hpp"
#include "tests/bench/keep_alive.hpp"
#include "tests/bench/officers.hpp"
#include "tests/bench/rows.hpp"

#include <sodium.h>

#include <fstream>
#include <stdexcept>

namespace cunmai::bench {

namespace {

constexpr int connections = 64;

std::string token_of(App& app, const engine::PersonId& person) {
    auto token = person.text + std::string(43, 'x');
    token.resize(43);
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(token.data()), token.size());
    char hex[sizeof digest * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    if (!app.sessions.find(hex)) {
        const auto now = app.clock.now();
        app.sessions.add({hex, person, "bearer", "", "bench", now, now, now.plus_seconds(3600)});
    }
    return token;
}

class Load {
  public:
    Load(Officers& officers, int port) : app_(officers.app()) {
        for (const auto& officer : officers.all())
            clients_.push_back({officer, std::make_unique<KeepAlive>(port), &officers});
        for (const auto& client : clients_) token_of(app_, client.officer.supervisor);
        token_of(app_, Officers::panel_leader());
    }

    // Commands per second; every one of them must be accepted.
    double give(int each) {
        return ask_at_once(
            clients_, each, [this](Client& client) { one(client); }, latencies);
    }
    std::vector<double> latencies;

  private:
    struct Client {
        Officer officer;
        std::unique_ptr<KeepAlive> connection;
        Officers* officers;
    };

    void one(Client& client) {
        auto& officer = client.officer;
        const auto command = client.officers->next_command(officer);
        auto token = command.actor.text + std::string(43, 'x');
        token.resize(43);
        const int status = client.connection->ask(
            "POST", "/api/v1/cases/" + command.case_id.text + "/commands/" + command.name,
            "Authorization: Bearer " + token + "\r\nIf-Match: \"" + std::to_string(officer.version) +
                "\"\r\nIdempotency-Key: http-" + command.idempotency_key + "\r\n",
            command.payload.dump());
        if (status != 200)
            throw std::runtime_error("answered " + std::to_string(status) + ": " + client.connection->body());
        const auto answer = Json::parse(client.connection->body());
        officer.state = answer.at("state");
        officer.version = answer.at("version");
        ++officer.given;
    }

    App& app_;
    std::vector<Client> clients_;
};

std::string folder(const Options& options, const char* name) {
    const auto path = options.folder / name;
    std::filesystem::create_directories(path);
    return path.string();
}

} // namespace

std::vector<Result> http_commands(const Options& options) {
    const int pairs = options.pick(5, 3), each = options.pick(60, 15);
    const auto in_process_folder = folder(options, "process"), served_folder = folder(options, "served");
    Officers in_process(in_process_folder, "sqlite:" + in_process_folder + "/bench.db", connections);
    Officers served(served_folder, "sqlite:" + served_folder + "/bench.db", connections);
    served.app().config.host = "127.0.0.1";
    served.app().config.port = 0;
    served.app().config.proxies = "127.0.0.1"; // all connections come from one address
    std::ofstream log_file(options.folder / "log");
    log::send_to([&](const std::string& line) { log_file << line << std::flush; });
    http::Server server(served.app(), http::all_routes());
    server.start();
    Pairs rate, with_background, tail;
    {
        Load load(served, server.port());
        in_process.give(2);
        load.give(2);
        for (int pair = 0; pair < pairs; ++pair) {
            const auto inside = in_process.give(each);
            const auto over_http = load.give(each);
            rate.add(over_http, inside);
            tail.add(percentile(load.latencies, 0.99) * 1e3, median(load.latencies) * 1e3);
            say("HTTP " + std::to_string(static_cast<int>(over_http)) + "/s, in process " +
                std::to_string(static_cast<int>(inside)) + "/s");
        }
        Background background(served.app()); // a whole server also carries each notice to inboxes
        background.start();
        for (int pair = 0; pair < pairs; ++pair) with_background.add(load.give(each), in_process.give(each));
        background.stop();
    }
    server.stop();
    log::send_to({});
    return {rate.result("64 keep-alive connections", "64 submitters in process", "commands/s", Aim::at_least, 0.5),
            tail.result("p99 of an answer", "its p50", "ms", Aim::at_most, 10),
            with_background.result("64 keep-alive connections, while notices are carried to inboxes",
                                   "64 submitters in process", "commands/s", Aim::printed, 0)};
}

} // namespace cunmai::bench
