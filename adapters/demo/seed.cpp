#include "adapters/demo/seed.hpp"

#include "adapters/services/administration.hpp"
#include "cmake/embedded.hpp"

#include <map>

namespace cunmai::seed {

namespace {

Json embedded_json(const embedded::Files& files, std::string_view name) {
    const auto file = files.find(name);
    if (file == files.end()) throw std::runtime_error("not in this program: " + std::string(name));
    return Json::parse(file->second);
}

std::vector<engine::Place> demo_places() {
    const auto seed = embedded_json(embedded::seed(), "demo_district.json");
    std::vector<engine::Place> places;
    const auto& district = seed.at("district");
    places.push_back({district.at("code"), district.at("name"), "", "district", ""});
    for (const auto& town : seed.at("towns"))
        places.push_back({town.at("code"), town.at("name"), places.front().code, "town", ""});
    for (const auto& village : seed.at("villages")) // a community 社区 is a place of the village's tier
        places.push_back({village.at("code"), village.at("name"), village.at("town"), "village", ""});
    std::map<std::string, std::string> paths{{"", "/"}};
    for (auto& place : places) place.path = paths[place.code] = paths.at(place.parent) + place.code + "/";
    return places;
}

db::Person person_of(const Json& described, const std::string& password_hash) {
    db::Person person;
    person.login = described.at("login");
    person.id.text = "demo-" + person.login;
    person.name = described.at("name");
    person.phone = described.at("phone");
    person.email = described.at("email");
    person.language = described.at("language");
    person.password_hash = password_hash;
    return person;
}

} // namespace

void install_defaults(App& app) {
    std::map<std::string, Json> missing;
    const auto install = [&](const std::string& key, const Json& value) {
        if (app.rules.get(key).is_null()) missing[key] = value;
    };
    const auto rules = embedded_json(embedded::seed(), "rules.json");
    for (const auto& [key, value] : rules.items()) install(key, value);
    install("calendar", embedded_json(embedded::seed(), "calendar.json"));
    install("catalogue", embedded_json(embedded::catalogue(), "catalogue.json"));
    if (!missing.empty())
        app.rules.set_all(missing, engine::system_person, app.clock.now(), {engine::system_person, "rules_installed"});
}

Seeded demo_district(App& app, const Progress& progress) {
    Seeded seeded;
    const auto places = demo_places();
    seeded.places = app.places.import(places, false).inserted;
    std::map<std::string, const engine::Place*> by_code;
    for (const auto& place : places) by_code[place.code] = &place;

    const auto hash = administration::hash_password(std::string(demo_password)); // slow, so one for everybody
    const auto described = embedded_json(embedded::seed(), "demo_people.json").at("people");
    const auto now = app.clock.now();
    std::vector<db::Person> people;
    std::vector<db::GrantRow> grants;
    for (const auto& one : described) {
        people.push_back(person_of(one, hash));
        int number = 0;
        for (const auto& role : one.at("roles")) {
            const auto& place = *by_code.at(role.at("place"));
            grants.push_back({people.back().id.text + "-" + std::to_string(++number), people.back().id, role.at("role"),
                              role.at("qualifier"), place.code, place.path, place.name, now, engine::system_person});
        }
    }
    const auto total = static_cast<std::int64_t>(people.size() + grants.size());
    std::int64_t done = 0;
    const auto step = [&] {
        if (progress) progress(++done, total);
    };
    seeded.people = static_cast<int>(people.size());
    seeded.grants = static_cast<int>(grants.size());
    app.people.add_all(people, grants,
                       {engine::system_person,
                        "demo_seeded",
                        {{"places", seeded.places}, {"people", seeded.people}, {"grants", seeded.grants}}},
                       step);
    return seeded;
}

std::vector<SignIn> demo_sign_ins(std::string_view language) {
    std::vector<SignIn> result;
    const auto seed = embedded_json(embedded::seed(), "demo_people.json");
    for (const auto& one : seed.at("people"))
        if (one.at("highlight").get<bool>())
            result.push_back(
                {one.at("login"), one.at("roles").at(0).at("role"), one.at("note").at(std::string(language))});
    return result;
}

} // namespace cunmai::seed
