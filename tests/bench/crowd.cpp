#include "tests/bench/crowd.hpp"

#include "adapters/demo/seed.hpp"
#include "tests/bench/raw_sqlite.hpp"

#include <cstdio>

namespace cunmai::bench {

namespace {

constexpr std::int64_t long_ago = 1'735'700'000'000'000; // 2025-01-01
const std::string some_hash(64, '0');

std::string numbered(const char* form, std::int64_t number) {
    char text[64];
    std::snprintf(text, sizeof text, form, static_cast<long long>(number));
    return text;
}

std::string day(std::int64_t number) {
    return numbered("2026-%02lld-", number / 28 % 12 + 1) + numbered("%02lld", number % 28 + 1);
}

struct Kind {
    const char *state, *role, *command, *qualifier;
    std::string facts;
};

const Kind& kind_of(std::int64_t number, Crowd crowd) {
    static const Kind self_check{
        "self_check", "village_officer", "submit_self_check", "",
        R"({"opened_on":"2025-01-01","targeted":false,"due":{"self_check_due_on":"2026-03-01"}})"},
        screening{"town_screening", "town_supervisor", "nominate", "",
                  R"({"opened_on":"2025-01-01","targeted":true,"due":{"screening_due_on":"2026-03-01"}})"},
        review{
            "department_review", "panel_leader", "endorse", "",
            R"({"opened_on":"2025-01-01","targeted":true,"due":{},"category":"economy","secondary_categories":[],"nominated_on":"2025-01-05","monitoring_pool":true,"nominated_by":["bench-x"],"required":{"departments":["organisation"],"interviews":0,"courtyard_meetings":0},"opinions":{"organisation":{"opinion":"endorse","text":"示例","by":"bench-y","at":0}}})"},
        follow_up{
            "follow_up", "town_officer", "record_look_back", "",
            R"({"opened_on":"2024-01-01","category":"economy","exit_vote_on":"2025-01-01","follow_up_until":"2026-01-01","look_backs":[],"posts":{"commander":"c","supervisor":"s","coordinator":"v"},"plan":{"programme":"示例"}})"};
    if (crowd == Crowd::timers) return follow_up;
    return number % 20 < 12 ? self_check : number % 20 < 17 ? screening : review;
}

} // namespace

CrowdPlace crowd_place(std::int64_t village) {
    CrowdPlace place;
    place.town = crowd_district + numbered("%06lld", village / villages_in_a_town);
    place.village = place.town + numbered("%02lld", village % villages_in_a_town);
    place.town_path = crowd_district_path + place.town + '/';
    place.village_path = place.town_path + place.village + '/';
    return place;
}

std::string crowd_case(std::int64_t village) { return numbered("crowd-%010lld", village); }

std::unique_ptr<App> open_app(const std::string& folder, const std::string& name) {
    Config config;
    config.data_dir = folder;
    config.database = "sqlite:" + folder + '/' + name;
    auto app = std::make_unique<App>(config, true);
    seed::install_defaults(*app);
    return app;
}

void fill_places(const std::string& database_file, std::int64_t villages) {
    RawSqlite database(database_file);
    database.filling();
    RawSqlite::Statement insert(database,
                                "INSERT INTO places (code, name, parent, level, path) VALUES (?, ?, ?, ?, ?)");
    database.exec("BEGIN");
    insert.run({crowd_district, "示例区", "", "district", crowd_district_path});
    for (std::int64_t i = 0; i < villages; ++i) {
        const auto place = crowd_place(i);
        if (i % villages_in_a_town == 0) insert.run({place.town, "示例镇", crowd_district, "town", place.town_path});
        insert.run({place.village, "示例村", place.town, "village", place.village_path});
    }
    database.exec("COMMIT");
}

void fill_cases(const std::string& database_file, std::int64_t cases, Crowd crowd) {
    RawSqlite database(database_file);
    database.filling();
    RawSqlite::Statement one_case(
        database, "INSERT INTO cases (id, definition, definition_version, state, version, place_code, place_name, "
                  "place_parent, place_level, place_path, parent, batch, title, category, due_on, colour, is_final, "
                  "one_open_per_place, open_slot, facts, head_hash, opened_at, updated_at) VALUES (?, "
                  "'village_lifecycle', 1, ?, ?, ?, '示例村', ?, 'village', ?, '', '', '示例村', '', ?, '', 0, 1, "
                  "'village_lifecycle:' || ?4, ?, ?, ?, ?)");
    RawSqlite::Statement one_event(
        database, "INSERT INTO case_events (case_id, seq, at, actor, on_behalf_of, definition, definition_version, "
                  "command, from_state, to_state, payload, context, changes, request_id, previous_hash, hash) VALUES "
                  "(?, ?, ?, 'bench-opener', '', 'village_lifecycle', 1, 'open', '', ?, '{\"reason\":\"示例\"}', "
                  "'{\"roles\":[\"panel_leader\"],\"today\":\"2025-01-01\"}', "
                  "'[{\"op\":\"add\",\"path\":\"/due\",\"value\":{}}]', 'bench', ?, ?)");
    RawSqlite::Statement one_item(
        database,
        "INSERT INTO work_items (case_id, n, addressee, place_path, command, role, qualifier, person, due_on, "
        "claimed_by, since) VALUES (?, 1, ?, ?, ?, ?, ?, '', ?, '', ?)");
    RawSqlite::Statement one_timer(database,
                                   "INSERT INTO timers (case_id, timer_key, due_at, command, leased_until, lease) "
                                   "VALUES (?, 'completion', ?, 'propose_completion', 0, '')");
    const std::int64_t events = crowd == Crowd::mixed ? 3 : 1;
    database.exec("BEGIN");
    for (std::int64_t i = 0; i < cases; ++i) {
        const auto place = crowd_place(i);
        const auto& kind = kind_of(i, crowd);
        const auto id = crowd_case(i), due_on = day(i * 7);
        const auto at = long_ago + i * 1'000'003;
        one_case.run({id, kind.state, events, place.village, place.town, place.village_path, due_on, kind.facts,
                      some_hash, at, at});
        for (std::int64_t seq = 1; seq <= events; ++seq) one_event.run({id, seq, at, kind.state, some_hash, some_hash});
        one_item.run({id, std::string("role/") + kind.role, place.village_path, kind.command, kind.role, kind.qualifier,
                      due_on, at});
        if (crowd == Crowd::timers) one_timer.run({id, at});
    }
    database.exec("COMMIT");
}

void fill_events(const std::string& database_file, std::int64_t events) {
    constexpr std::int64_t each = 50;
    RawSqlite database(database_file);
    database.filling();
    RawSqlite::Statement one_event(
        database, "INSERT INTO case_events (case_id, seq, at, actor, on_behalf_of, definition, definition_version, "
                  "command, from_state, to_state, payload, context, changes, request_id, previous_hash, hash) VALUES "
                  "(?, ?, ?, 'bench-opener', '', 'village_lifecycle', 1, 'open', '', 'self_check', '{}', '{}', '[]', "
                  "'', '', '')");
    for (std::int64_t i = 0; i < events; i += each) {
        if (i % 1'000'000 == 0) database.exec(i ? "COMMIT; BEGIN" : "BEGIN");
        const auto id = crowd_case(i / each);
        for (std::int64_t seq = 4; seq < each + 4; ++seq) one_event.run({id, seq, long_ago + i});
    }
    database.exec("COMMIT");
}

} // namespace cunmai::bench
