// The checks of `cunmai doctor` and of the administrator's page on the server's health: one Sign for each thing that
// must be right, good ones included. Reads only: it creates no database, no folder and no secret.
#pragma once

#include "adapters/config/config.hpp"
#include "engine/json.hpp"
#include "engine/time.hpp"

#include <vector>

namespace cunmai {
struct App;
}

namespace cunmai::doctor {

enum class Level {
    good,
    warning, // works, but should be changed
    fault,   // does not work, or acknowledged work is at risk
};
std::string_view key_of(Level level);

struct Sign {
    std::string key; // message cli.doctor.<key> says what was found, cli.doctor.<key>.do what to do (adapters/words)
    Level level = Level::good;
    Json facts = Json::object();
};
using Signs = std::vector<Sign>;

Level worst_of(const Signs& signs);

// Each of these adds what it finds.
void look_at_configuration(const std::vector<ConfigProblem>& problems, const std::vector<ConfigProblem>& doubts,
                           const std::string& language, Signs& signs);
void look_at_data_folder(const Config& config, Signs& signs);
void look_at_mail(const Config& config, Signs& signs);    // connects to the mail server and sends nothing
void look_at_scanner(const Config& config, Signs& signs); // greets the virus scanner, where there is one
void look_at_database(App& app, Signs& signs);            // settings, migrations, definitions, clock, calendar

// The parts that depend only on the time or on data.
void look_at_space(const std::string& folder, std::uintmax_t free_mb, Signs& signs);
void look_at_clock(engine::Instant now, engine::Instant newest_written, Signs& signs);
void look_at_calendar(const Json& calendar, int this_year, Signs& signs);

// Whether a database exists, so that opening it would not create one.
bool has_database(const Config& config);

} // namespace cunmai::doctor
