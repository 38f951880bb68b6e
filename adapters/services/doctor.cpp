#include "adapters/services/doctor.hpp"
#include "adapters/mail/smtp_session.hpp"
#include "adapters/services/app.hpp"
#include "adapters/services/virus_scanner.hpp"
#include "db/operations/definitions.hpp"
#include "db/operations/migrations.hpp"
#include "db/operations/settings_check.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace cunmai::doctor {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t space_min_mb = 1024, space_needed_mb = 200;
constexpr std::int64_t newest_ahead_max_seconds = 60;
constexpr int first_sane_year = 2025;

void add(Signs& signs, std::string key, Level level, Json facts = Json::object()) {
    signs.push_back({std::move(key), level, std::move(facts)});
}

std::string sqlite_file(const Config& config) {
    if (config.database.empty()) return config.data_dir + "/cunmai.db";
    return config.database.starts_with("sqlite:") ? config.database.substr(7) : "";
}

void look_at_secret(const Config& config, Signs& signs) {
    if (!config.secret.empty()) return add(signs, "secret_given", Level::good);
    const auto file = config.data_dir + "/secret";
    struct stat state {};
    if (::stat(file.c_str(), &state) != 0) {
        // Without the secret the sealed votes of a running ballot can't be opened, nor repeated commands recognised.
        const bool is_lost = has_database(config);
        return add(signs, is_lost ? "secret_lost" : "secret_later", is_lost ? Level::fault : Level::good,
                   {{"file", file}});
    }
    const bool is_private = (state.st_mode & 077) == 0;
    add(signs, is_private ? "secret" : "secret_open", is_private ? Level::good : Level::fault, {{"file", file}});
}

void look_at_settings(App& app, Signs& signs) {
    for (const auto& finding : db::check_settings(app.database)) {
        using Severity = db::Finding::Severity;
        const auto level = finding.severity == Severity::good      ? Level::good
                           : finding.severity == Severity::warning ? Level::warning
                                                                   : Level::fault;
        add(signs, "setting." + finding.what, level, {{"what", finding.what}, {"value", finding.value}});
    }
}

bool look_at_migrations(App& app, Signs& signs) {
    std::string missing;
    for (const auto& migration : db::migration_status(app.database))
        if (!migration.applied) missing += (missing.empty() ? "" : ", ") + migration.name;
    add(signs, missing.empty() ? "migrations" : "migrations_missing", missing.empty() ? Level::good : Level::fault,
        {{"missing", missing}});
    return missing.empty();
}

void look_at_definitions(App& app, Signs& signs) {
    std::string names;
    for (const auto& name : db::changed_definitions(app.database, app.registry.all()))
        names += (names.empty() ? "" : ", ") + name;
    add(signs, names.empty() ? "definitions" : "definitions_changed", names.empty() ? Level::good : Level::fault,
        {{"definitions", names}});
}

engine::Instant newest_written(App& app) {
    engine::Instant newest{0};
    for (const auto& event : app.admin_log.list(1)) newest = std::max(newest, event.at);
    db::AccessLog::Filter filter;
    filter.limit = 1;
    for (const auto& row : app.access_log.list(filter)) newest = std::max(newest, row.access.at);
    return newest;
}

} // namespace

std::string_view key_of(Level level) {
    return level == Level::good ? "good" : level == Level::warning ? "warning" : "fault";
}

Level worst_of(const Signs& signs) {
    Level worst = Level::good;
    for (const auto& sign : signs) worst = std::max(worst, sign.level);
    return worst;
}

bool has_database(const Config& config) {
    const auto file = sqlite_file(config);
    std::error_code ignored;
    return file.empty() || fs::exists(file, ignored);
}

void look_at_configuration(const std::vector<ConfigProblem>& problems, const std::vector<ConfigProblem>& doubts,
                           const std::string& language, Signs& signs) {
    for (const auto* all : {&problems, &doubts})
        for (const auto& problem : *all)
            add(signs, "configuration_wrong", Level::fault, cunmai::said(language, problem));
    if (problems.empty() && doubts.empty()) add(signs, "configuration", Level::good);
}

void look_at_data_folder(const Config& config, Signs& signs) {
    const auto& folder = config.data_dir;
    std::error_code error;
    if (!fs::is_directory(folder, error)) return add(signs, "folder_missing", Level::fault, {{"folder", folder}});
    const bool writable = ::access(folder.c_str(), R_OK | W_OK | X_OK) == 0;
    add(signs, writable ? "folder" : "folder_read_only", writable ? Level::good : Level::fault, {{"folder", folder}});
    const auto space = fs::space(folder, error);
    if (!error) look_at_space(folder, space.available >> 20, signs);
    look_at_secret(config, signs);
}

void look_at_space(const std::string& folder, std::uintmax_t free_mb, Signs& signs) {
    const auto level = free_mb < space_needed_mb ? Level::fault : free_mb < space_min_mb ? Level::warning : Level::good;
    add(signs, level == Level::good ? "space" : "space_low", level, {{"folder", folder}, {"free_mb", free_mb}});
}

void look_at_mail(const Config& config, Signs& signs) {
    if (config.smtp_host.empty()) return add(signs, "mail_off", Level::good);
    Json facts{{"host", config.smtp_host}, {"port", mail_port(config)}, {"security", config.mail_security}};
    try {
        const notify::SmtpSession session(config);
        const bool is_private = config.mail_security != "none" || is_this_machine(config.smtp_host);
        add(signs, is_private ? "mail" : "mail_in_clear", is_private ? Level::good : Level::warning, facts);
    } catch (const notify::ServerUnreachable& fault) {
        facts["error"] = fault.what();
        add(signs, "mail_unusable", Level::warning, facts);
    }
}

void look_at_scanner(const Config& config, Signs& signs) {
    if (config.virus_scanner.empty()) return add(signs, "scanner_off", Level::good);
    Json facts{{"address", config.virus_scanner}};
    try {
        http::greet_scanner(config.virus_scanner);
        add(signs, "scanner", Level::good, facts);
    } catch (const http::ScannerUnavailable& fault) {
        facts["error"] = fault.what();
        add(signs, "scanner_unusable", Level::fault, facts); // no upload is taken then
    }
}

void look_at_clock(engine::Instant now, engine::Instant newest, Signs& signs) {
    const Json facts{{"now", engine::to_iso(now)}, {"newest", engine::to_iso(newest)}};
    const bool sane =
        now >= engine::start_of_day(engine::parse_date(std::to_string(first_sane_year) + "-01-01").value());
    const bool ahead = newest.micros > now.plus_seconds(newest_ahead_max_seconds).micros;
    add(signs,
        ahead  ? "clock_back"
        : sane ? "clock"
               : "clock_wrong",
        ahead || !sane ? Level::fault : Level::good, facts);
}

void look_at_calendar(const Json& calendar, int this_year, Signs& signs) {
    const auto has = [&](int year) { return calendar.is_object() && calendar.contains(std::to_string(year)); };
    if (!has(this_year)) return add(signs, "calendar_missing", Level::fault, {{"year", this_year}});
    if (!has(this_year + 1)) return add(signs, "calendar_ends", Level::warning, {{"year", this_year + 1}});
    add(signs, "calendar", Level::good, {{"year", this_year + 1}});
}

void look_at_database(App& app, Signs& signs) {
    look_at_settings(app, signs);
    if (!look_at_migrations(app, signs)) return; // the other checks read tables that may not exist
    look_at_definitions(app, signs);
    look_at_clock(app.clock.now(), newest_written(app), signs);
    look_at_calendar(app.rules.get("calendar"), std::stoi(app.today().substr(0, 4)), signs);
}

} // namespace cunmai::doctor
