// The district's settings, with their history.
#pragma once

#include "db/people/people.hpp"

namespace cunmai::db {

// A district's settings: rules.json, the indicator catalogue, calendars. Versioned, each change with who and when. The
// newest version counts. Of a setting whose values have "in_force_from" the newest version whose day has come counts,
// or the first version as long as no day has come.
class Rules {
  public:
    explicit Rules(Database& database) : database_(database) {}
    Json get(std::string_view key); // null when unset
    Json all(); // the newest value of each key, without proposals and the bulky "catalogue" and "calendar"
    // `since` is the name from People::state; throws Overtaken when the state has changed. The person of `deed` is
    // `by`.
    void set(std::string_view key, const Json& value, const engine::PersonId& by, engine::Instant at,
             const std::optional<std::string>& since = {}, const Deed& deed = {});
    // The first values of several rules, in one transaction.
    void set_all(const std::map<std::string, Json>& values, const engine::PersonId& by, engine::Instant at,
                 const Deed& deed);
    std::vector<std::string> keys(); // of all that were ever set
    struct Change {
        std::string key;
        Json value;
        engine::PersonId by;
        engine::Instant at;
        int version = 0;
    };
    std::vector<Change> changes(std::string_view key); // newest first
    // Single values of this installation: demo clock offset, server secret's fingerprint …
    std::optional<std::string> setting(std::string_view key);
    void put_setting(std::string_view key, std::string_view value);

  private:
    void set_each(const std::map<std::string, Json>& values, const engine::PersonId& by, engine::Instant at,
                  const std::optional<std::string>& since, const Deed& deed, std::string_view what);

    Database& database_;
};

} // namespace cunmai::db
