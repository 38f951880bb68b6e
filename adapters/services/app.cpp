#include "adapters/services/app.hpp"

#include "db/operations/definitions.hpp"
#include "db/operations/migrations.hpp"
#include "engine/digest.hpp"
#include "engine/presentation.hpp"
#include "workflows/all.hpp"
#include "workflows/roles.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace cunmai {

namespace {

// The file is written completely under another name and then linked into place. So two servers that start at the same
// moment end up with one secret, and nobody reads half of it.
void make_secret_file(const std::string& file) {
    const auto temporary = file + "." + std::to_string(getpid());
    const int handle = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (handle < 0) throw std::runtime_error("can't write " + temporary + ": is the data folder writable?");
    const auto text = random_hex(32) + "\n";
    const bool written =
        ::write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(handle) == 0;
    ::close(handle);
    if (written) static_cast<void>(::link(temporary.c_str(), file.c_str())); // another server may be first
    ::unlink(temporary.c_str());
    if (!written) throw std::runtime_error("can't write " + temporary + ": is the disk full?");
}

std::string kept_secret(const std::string& data_dir) {
    const auto file = data_dir + "/secret";
    if (!std::filesystem::exists(file)) make_secret_file(file);
    struct stat state {};
    if (::stat(file.c_str(), &state) == 0 && (state.st_mode & 077) != 0)
        throw std::runtime_error(
            file + " can be read by others; give it mode 0600 and, if others may have read it, replace it");
    std::string secret;
    std::ifstream(file) >> secret;
    if (!is_hex(secret, 64))
        throw std::runtime_error(file +
                                 " does not hold 64 hexadecimal digits; put the right secret back from its copy");
    return secret;
}

Config completed(Config config) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium could not be started");
    std::error_code error;
    const bool existed = std::filesystem::exists(config.data_dir);
    std::filesystem::create_directories(config.data_dir, error);
    if (error) throw std::runtime_error("can't make the data folder " + config.data_dir + ": " + error.message());
    if (!existed) std::filesystem::permissions(config.data_dir, std::filesystem::perms::owner_all, error);
    if (config.secret.empty()) config.secret = kept_secret(config.data_dir);
    if (config.database.empty()) config.database = "sqlite:" + config.data_dir + "/cunmai.db";
    return config;
}

// Derives a separate key for each use from the one secret.
std::string key_for(const Config& config, std::string_view use) { return to_hex(hmac_sha256_raw(config.secret, use)); }

db::Database::Options database_options(const Config& config, Metrics& metrics) {
    db::Database::Options options;
    options.url = config.database;
    options.secret = key_for(config, "sealed ballots");
    options.observer = &metrics;
    return options;
}

engine::Registry all_workflows() {
    engine::Registry registry;
    workflows::add_all(registry);
    for (const auto* definition : registry.current()) engine::check_presentation(*definition);
    return registry;
}

} // namespace

App::App(Config given, bool prepare)
    : config(completed(std::move(given))), registry(all_workflows()), roles(workflows::all_roles()),
      database(database_options(config, metrics), clock), people(database), places(database), cases(database),
      sessions(database), access_log(database), rules(database), drafts(database), documents(database),
      outbox(database), inbox(database), timers(database), admin_log(database),
      service(database, registry, roles, clock, key_for(config, "command bodies"), metrics) {
    if (!prepare) return;
    db::migrate(database);
    db::check_definitions(database, registry.all());
    if (config.demo)
        if (const auto offset = rules.setting(clock_offset_setting)) clock.set_offset(std::stoll(*offset));
}

engine::Viewer App::viewer(const engine::PersonId& person) {
    engine::Viewer viewer;
    database.read([&](engine::Transaction& tx) { viewer = engine::viewer_of(tx, roles, person, clock.now()); });
    return viewer;
}

std::string App::today() const { return engine::to_text(engine::local_date(clock.now())); }

} // namespace cunmai
