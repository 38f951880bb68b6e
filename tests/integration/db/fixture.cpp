#include "tests/integration/db/fixture.hpp"

#include "db/kernel/database_impl.hpp"
#include "tests/support/mariadb.hpp"

namespace cunmai::db::test {

Folder::Folder() {
    std::string pattern = "/var/tmp/cunmai-db-test-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder for the test");
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

DatabaseTest::DatabaseTest() : url(new_url(GetParam())), database(open(url)) { migrate(database); }

std::string DatabaseTest::new_url(const std::string& kind) {
    static std::atomic<int> number{0};
    if (kind == "sqlite") return "sqlite:" + folder.file("test" + std::to_string(++number) + ".db");
    return cunmai::test::new_mariadb_database();
}

void DatabaseTest::sql(Database& on, const std::string& statement) {
    on.impl().write([&](Connection& connection) { connection.run_text(statement); });
}

Place DatabaseTest::district() { return {"990100", "示例区", "", "district", "/990100/"}; }

Place DatabaseTest::town(int number) {
    const auto code = "99010000" + std::to_string(number);
    return {code, "示例镇" + std::to_string(number), "990100", "town", "/990100/" + code + '/'};
}

Place DatabaseTest::village(int town_number, int number) {
    const auto above = town(town_number);
    const auto code = above.code + "20" + std::to_string(number);
    return {code, "示例村" + std::to_string(town_number) + std::to_string(number), above.code, "village",
            above.path + code + '/'};
}

void DatabaseTest::import_places() {
    std::vector<Place> all{district()};
    for (const int t : {1, 2}) {
        all.push_back(town(t));
        for (const int v : {1, 2, 3}) all.push_back(village(t, v));
    }
    places.import(all, false);
}

PersonId DatabaseTest::person(const std::string& login) {
    Person row;
    row.id = {"p-" + login};
    row.login = login;
    row.name = "示例" + login;
    people.add(row);
    return row.id;
}

void DatabaseTest::grant(const PersonId& who, const std::string& role, const Place& place,
                         const std::string& qualifier) {
    static std::atomic<int> number{0};
    people.add_grant(
        {"g" + std::to_string(++number), who, role, qualifier, place.code, place.path, "", clock.now(), {"root"}});
}

Viewer DatabaseTest::viewer(const PersonId& who, std::vector<Grant> grants) {
    Viewer viewer{who, std::move(grants), {}, {}};
    std::set<std::string> paths;
    for (const auto& one : viewer.grants) paths.insert(one.place_path);
    for (const auto& path : paths)
        if (viewer.scopes.empty() || !covers(viewer.scopes.back(), path)) viewer.scopes.push_back(path);
    return viewer;
}

Viewer DatabaseTest::of_place(const Place& place, const std::string& role, const PersonId& who) {
    return viewer(who, {{who, role, "", place.path}});
}

CaseRow DatabaseTest::a_case(const std::string& id, const Place& place) {
    CaseRow row;
    row.id = {id};
    row.definition = "village_lifecycle";
    row.definition_version = 1;
    row.state = "self_check";
    row.version = 1;
    row.place = place;
    row.summary = {place.name + "管理", "disputes", "2025-03-20", "green"};
    row.facts = {{"category", "disputes"}, {"村", place.name}};
    row.opened_at = row.updated_at = {1'740'816'000'000'000};
    return row;
}

Event DatabaseTest::event_of(const CaseRow& row, const PersonId& actor, const std::string& command) {
    Event event;
    event.case_id = row.id;
    event.seq = row.version;
    event.at = row.updated_at;
    event.actor = actor;
    event.definition = row.definition;
    event.definition_version = row.definition_version;
    event.command = command;
    event.to = row.state;
    event.payload = R"({"reason":"示例"})";
    event.context = R"({"roles":["town_officer"]})";
    event.changes = R"([{"op":"add","path":"/x","value":"a:b 'c' \"d\" \\ e"}])";
    event.request_id = "r-1";
    event.previous_hash = row.head_hash;
    event.hash = hash_of(event);
    return event;
}

CaseRow DatabaseTest::open_case(const std::string& id, const Place& place, const std::vector<Task>& tasks) {
    auto row = a_case(id, place);
    database.write([&](Transaction& tx) {
        tx.insert(row);
        tx.append(event_of(row, {"opener"}, "open"));
        tx.set_tasks(row, tasks);
    });
    return row;
}

CaseRow DatabaseTest::moved(CaseRow row, const std::string& state) {
    row.state = state;
    ++row.version;
    row.updated_at = row.updated_at.plus_seconds(60);
    return row;
}

} // namespace cunmai::db::test
