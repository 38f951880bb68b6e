// Districts with very many villages and cases, written straight into the tables: what our own path would have written,
// in a fraction of the time. Towns have 20 villages, whatever the size of the district.
#pragma once

#include "adapters/services/app.hpp"

#include <memory>
#include <string>

namespace cunmai::bench {

struct CrowdPlace {
    std::string town, village; // codes
    std::string town_path, village_path;
};
inline constexpr int villages_in_a_town = 20;
CrowdPlace crowd_place(std::int64_t village);
inline constexpr auto crowd_district = "990100", crowd_district_path = "/990100/";

std::unique_ptr<App> open_app(const std::string& folder, const std::string& name);
// The district, its towns, its villages.
void fill_places(const std::string& database_file, std::int64_t villages);

enum class Crowd {
    mixed,  // in self-check 60 %, screening 25 %, review 15 %; one work item each; three events each
    timers, // in follow-up, with one timer that is due since long; one event each
};
// One open case for each village, opened long ago.
void fill_cases(const std::string& database_file, std::int64_t cases, Crowd crowd);
// So many events more, in many old cases of which nothing else is left to do; small ones.
void fill_events(const std::string& database_file, std::int64_t events);

std::string crowd_case(std::int64_t village); // id

} // namespace cunmai::bench
