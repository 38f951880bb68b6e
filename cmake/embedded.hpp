// Files that were put into the binary at build time, by their path relative to the folder they came from.
#pragma once

#include <map>
#include <string_view>

namespace cunmai::embedded {

using Files = std::map<std::string_view, std::string_view>;

const Files& migrations(); // db/migrations: sqlite/0001_….sql, mysql/0001_….sql
const Files& queries();    // db/queries
const Files& seed();       // db/seed: demo_district.json, demo_people.json, calendar.json, rules.json
const Files& catalogue();  // workflows/evaluation: catalogue.json
const Files& templates();  // templates: pages/…, messages/…, mail/…, documents/…, assets/…
const Files& examples();   // docs/examples: messages/… of the example's workflow; in programs that link it

} // namespace cunmai::embedded
