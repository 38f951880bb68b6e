#include "tests/bench/officers.hpp"

#include "adapters/demo/seed.hpp"
#include "tests/bench/at_once.hpp"

#include <cstdio>
#include <stdexcept>

namespace cunmai::bench {

namespace {

constexpr int villages_per_town = 8;

std::string digits(int number, int width) {
    char text[16];
    std::snprintf(text, sizeof text, "%0*d", width, number);
    return text;
}

engine::CommandRequest request_by(const engine::PersonId& actor, const std::string& command, Json payload) {
    engine::CommandRequest request;
    request.name = command;
    request.payload = std::move(payload);
    request.actor = actor;
    request.request_id = "bench";
    return request;
}

} // namespace

std::string bench_town(int number) { return bench_district + digits(number + 1, 3); }
std::string bench_village(int town, int number) { return bench_town(town) + digits(number + 201, 3); }

std::vector<engine::Place> bench_places(int towns, int villages_each) {
    const std::string root = std::string("/") + bench_district + '/';
    std::vector<engine::Place> places{{bench_district, "示例区", "", "district", root}};
    for (int t = 0; t < towns; ++t) {
        const auto town = bench_town(t);
        places.push_back({town, "示例镇" + std::to_string(t + 1), bench_district, "town", root + town + '/'});
        for (int v = 0; v < villages_each; ++v) {
            const auto village = bench_village(t, v);
            places.push_back({village, "示例村" + std::to_string(t + 1) + '-' + std::to_string(v + 1), town, "village",
                              root + town + '/' + village + '/'});
        }
    }
    return places;
}

void add_officer(App& app, const engine::PersonId& id, const std::string& role, const engine::Place& place,
                 const std::string& qualifier) {
    db::Person person;
    person.id = id;
    person.login = id.text;
    person.name = "示例人员";
    app.people.add(person);
    app.people.add_grant({"grant-" + id.text, id, role, qualifier, place.code, place.path, place.name, app.clock.now(),
                          engine::system_person});
}

Officers::Officers(const std::string& data_dir, const std::string& database_url, int officers) {
    Config config;
    config.data_dir = data_dir;
    config.database = database_url;
    app_ = std::make_unique<App>(config, true);
    add_places_and_people(officers);
    set_rules();
    open_cases();
}

Officers::~Officers() = default;

void Officers::add_places_and_people(int officers) {
    const int towns = (officers + villages_per_town - 1) / villages_per_town;
    const auto places = bench_places(towns, villages_per_town);
    app_->places.import(places, false);
    add_officer(*app_, panel_leader(), "panel_leader", places.front());
    for (const auto& place : places)
        if (place.level == "town") add_officer(*app_, {"bench-supervisor-" + place.code}, "town_supervisor", place);
    for (int i = 0; i < officers; ++i) {
        Officer officer;
        officer.supervisor = {"bench-supervisor-" + bench_town(i / villages_per_town)};
        officers_.push_back(officer);
    }
}

// One department and no visits: review waits for one signature, so one work item replaces another.
void Officers::set_rules() {
    seed::install_defaults(*app_);
    const auto set = [&](const char* key, const Json& value) {
        app_->rules.set(key, value, engine::system_person, app_->clock.now());
    };
    set("required_departments", {"organisation"});
    set("review_interviews_min", 0);
    set("review_courtyard_meetings_min", 0);
}

void Officers::open_cases() {
    for (std::size_t i = 0; i < officers_.size(); ++i) {
        auto request = request_by(panel_leader(), "open_targeted", {{"reason", "示例：定向核查"}});
        request.definition = "village_lifecycle";
        request.place_code =
            bench_village(static_cast<int>(i) / villages_per_town, static_cast<int>(i) % villages_per_town);
        request.idempotency_key = "bench-open-" + std::to_string(i);
        const auto outcome = app_->service.execute(request);
        if (outcome.kind != engine::Outcome::Kind::accepted)
            throw std::runtime_error("a case could not be opened: " + engine::to_json(outcome.refusal).dump());
        officers_[i].case_id = outcome.case_id;
        officers_[i].state = outcome.state;
        officers_[i].version = outcome.version;
    }
}

engine::CommandRequest Officers::next_command(const Officer& officer) const {
    auto request =
        officer.state == "town_screening"
            ? request_by(officer.supervisor, "nominate",
                         {{"category", "economy"}, {"study_record", "示例：镇党委会议研究，拟列为示例重点村"}})
            : request_by(panel_leader(), "return_to_town", {{"reason", "示例：材料需要补充"}});
    request.case_id = officer.case_id;
    request.expected_version = officer.version;
    request.idempotency_key = "bench-" + officer.case_id.text + '-' + std::to_string(officer.given);
    return request;
}

void Officers::one(Officer& officer) {
    auto command = next_command(officer);
    // As for a command over HTTP.
    const db::Access access{
        app_->clock.now(), command.actor,           "POST", "/api/v1/cases/{id}/commands/{name}", officer.case_id.text,
        "127.0.0.1",       command.idempotency_key, 0};
    command.beside = [add = db::AccessLog::addition(access)](engine::Transaction& transaction, const engine::Outcome&) {
        add(transaction, 200);
    };
    const auto outcome = app_->service.execute(command);
    if (outcome.kind != engine::Outcome::Kind::accepted)
        throw std::runtime_error("a command was not accepted (" + std::to_string(static_cast<int>(outcome.kind)) +
                                 "): " + engine::to_json(outcome.refusal).dump());
    officer.state = outcome.state;
    officer.version = outcome.version;
    ++officer.given;
}

double Officers::give(int each) {
    return ask_at_once(
        officers_, each, [this](Officer& officer) { one(officer); }, latencies_);
}

void Officers::give_in_turn(int each) {
    for (int i = 0; i < each; ++i)
        for (auto& officer : officers_) one(officer);
}

} // namespace cunmai::bench
