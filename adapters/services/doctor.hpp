// What `cunmai doctor` and the administrator's page of the server's health look at: everything that must be right for
// Cunmai to be trusted, one Sign for each thing, good ones included. Reads only: it makes no database, no folder and no
// secret, and changes nothing but that it opens what is there.
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
    std::string key; // messages: cli.doctor.<key> says what is the case, cli.doctor.<key>.do what to do
    Level level = Level::good;
    Json facts = Json::object();
};
using Signs = std::vector<Sign>;

Level worst_of(const Signs& signs);

// In the reader's language. `remedy`: "" of a good one.
std::string said(const std::string& language, const Sign& sign);
std::string remedy(const std::string& language, const Sign& sign);

// Each adds what it finds.
void look_at_configuration(const std::vector<ConfigProblem>& problems, const std::string& language, Signs& signs);
void look_at_data_folder(const Config& config, Signs& signs);
void look_at_mail(const Config& config, Signs& signs); // opens a talk with the mail server and sends nothing
void look_at_database(App& app, Signs& signs);         // settings, migrations, definitions, clock, calendar

// The pieces that depend on the time or on data alone.
void look_at_space(const std::string& folder, std::uintmax_t free_mb, Signs& signs);
void look_at_clock(engine::Instant now, engine::Instant newest_written, Signs& signs);
void look_at_calendar(const Json& calendar, int this_year, Signs& signs);

// True when there is a database that can be opened without making one.
bool has_database(const Config& config);

} // namespace cunmai::doctor
