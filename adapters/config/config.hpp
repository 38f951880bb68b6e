// Configuration: defaults, overridden by a TOML file, then by environment variables (CUNMAI_…), then by flags.
// docs/operating.md lists every key. Secrets (database password, mail password, server secret) are never printed.
#pragma once

#include "engine/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cunmai {

struct Config {
    // [server]
    std::string host = "127.0.0.1"; // server.host
    int port = 8080;                // server.port
    std::string public_url;         // server.public_url; empty: http://host:port. Used in mails and for Origin checks
    bool plain_http = false;        // server.plain_http: people come without TLS, and that is meant
    int threads = 16;               // server.threads
    std::int64_t body_max_bytes = 1 << 20;         // server.body_max_bytes: JSON and forms
    std::int64_t upload_max_bytes = 20 << 20;      // server.upload_max_bytes: one document
    std::int64_t upload_day_max_bytes = 500 << 20; // server.upload_day_max_bytes: of one person in 24 hours
    int export_rows_max = 10'000;                  // server.export_rows_max: rows of a list exported as a file
    int connections_max = 256;                     // server.connections_max: in all
    int connections_per_address_max = 64;          // server.connections_per_address_max
    std::string proxies;                           // server.proxies: addresses of reverse proxies, separated by spaces
    int queue_max = 128;                           // server.queue_max: requests that wait for a thread; more get 503
    int idle_seconds = 15;                         // server.idle_seconds: between two requests
    int header_seconds = 10;                       // server.header_seconds: from its first byte to its end
    int body_seconds = 20;                         // server.body_seconds: without a byte; 4 KiB give a second
    int answer_seconds = 30;      // server.answer_seconds: for the client to read it, and one more for every 4 KiB
    int live_max = 500;           // server.live_max: open pages that hear live events
    int live_per_person_max = 20; // server.live_per_person_max
    // [data]
    std::string data_dir = "data"; // data.directory: the SQLite file and the server's secret
    std::string database;          // data.database; empty: sqlite:<data_dir>/cunmai.db
    bool demo = false;             // data.demo: invented district, its clock may be moved
    // [mail]
    std::string smtp_host;                      // mail.host; empty: no mail is sent
    int smtp_port = 0;                          // mail.port; 0: the usual one for mail_security, see mail_port
    std::string mail_security = "starttls";     // mail.security: none, starttls, tls
    std::string mail_ca_file;                   // mail.ca_file: PEM; empty: the system's authorities
    std::string smtp_user, smtp_password;       // mail.user, mail.password
    bool mail_password_in_clear = false;        // mail.password_in_clear: send it although mail.security is none
    std::string mail_from = "cunmai@localhost"; // mail.from
    int mail_answer_seconds = 30;               // mail.answer_seconds: for signing in, and again for each mail
    // [security]
    int session_idle_minutes = 30;   // security.session_idle_minutes
    int session_absolute_hours = 12; // security.session_absolute_hours
    int lockout_failures = 5;        // security.lockout_failures, within lockout_minutes
    int lockout_minutes = 15;        // security.lockout_minutes
    std::string secret;        // security.secret (64 hex); empty: made once and kept in <data_dir>/secret, mode 0600
    std::string virus_scanner; // security.virus_scanner: clamd's socket, a path or host:port; empty: none
    std::string metrics_token; // security.metrics_token: lets a program read /metrics from elsewhere

    std::string source; // the file that was read, for messages
};

struct ConfigProblem {
    std::string key;  // the key in the file, the environment variable, or the file itself
    std::string code; // messages: cli.config.<code> says what is wrong, cli.config.<code>.do the remedy
    Json facts = Json::object();
    std::string also{}; // code of an additional sentence
};
// In the reader's language: {"key", "problem", "remedy"}.
Json said(const std::string& language, const ConfigProblem& problem);

// Reads the file (empty name: ./cunmai.toml when it exists) and the environment. Unknown keys and wrong types are
// problems.
Config load_config(const std::string& file, std::vector<ConfigProblem>& problems);
std::vector<ConfigProblem> check_config(const Config& config);
// What works, and yet not for everybody who is meant to use it: said by `config --check` and `doctor`.
std::vector<ConfigProblem> doubts_about(const Config& config);
bool is_this_machine(const std::string& host); // a loopback name or address, with or without a port
int mail_port(const Config& config);
std::string describe(const Config& config); // key = value lines, secrets as "(set)"

} // namespace cunmai
