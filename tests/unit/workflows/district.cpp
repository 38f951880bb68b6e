#include "tests/unit/workflows/district.hpp"

#include "cmake/embedded.hpp"
#include "engine/fingerprint.hpp"
#include "engine/time.hpp"
#include "workflows/all.hpp"
#include "workflows/roles.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace cunmai::workflows::test {

using namespace engine;

namespace {

const std::string district_path = "/990100/", town_path = "/990100/990100001/",
                  village_path = "/990100/990100001/990100001201/";

Json seed(const std::string& name) {
    const auto file = std::filesystem::path(__FILE__).parent_path() / "../../../db/seed" / name;
    std::ifstream in(file);
    return Json::parse(in);
}

} // namespace

const Json& indicator_catalogue() {
    static const Json catalogue = Json::parse(embedded::catalogue().at("catalogue.json"));
    return catalogue;
}

Json good_answers() {
    auto answers = Json::object();
    for (const auto& indicator : indicator_catalogue().at("indicators")) {
        const bool lower = indicator.at("direction") == "lower_is_better";
        answers[indicator.at("code").get<std::string>()] = {{"value", indicator.at(lower ? "min" : "max")}};
    }
    return {{"catalogue_version", indicator_catalogue().at("version")}, {"answers", answers}};
}

District::District() : roles(all_roles()), service(store, registry, roles, clock, "secret") {
    add_all(registry);
    auto& memory = store.memory;
    memory.places[district_code] = {district_code, "示例区", "", "district", district_path};
    memory.places[town_code] = {town_code, "示例镇", district_code, "town", town_path};
    memory.places[village_code] = {village_code, "示例村", town_code, "village", village_path};
    const auto rules = seed("rules.json");
    for (const auto& [key, value] : rules.items()) memory.rules[key] = value;
    memory.rules["calendar"] = seed("calendar.json");
    memory.rules["catalogue"] = indicator_catalogue();

    grant("vo", "village_officer", village_path);
    grant("to", "town_officer", town_path);
    for (const auto* person : {"ts", "ts2"}) grant(person, "town_supervisor", town_path);
    for (const auto* person : {"dc", "dc2"}) grant(person, "district_commander", town_path);
    for (const auto* person : {"vc", "vc2"})
        grant(person, "village_coordinator", district_path, "governance_coordinator");
    for (const auto& department : departments())
        grant("dr-" + department, "department_reviewer", district_path, department);
    for (const auto* person : {"pl", "pl2"}) grant(person, "panel_leader", district_path);
    grant("sec", "committee_secretary", district_path);
    grant("ch", "committee_chair", district_path);
    for (const auto* person : {"m1", "m2", "m3", "m4"}) grant(person, "committee_member", district_path);
    grant("au", "auditor", district_path);
    evidence = upload("evidence");
    on("2025-03-01");
}

void District::grant(const std::string& person, const std::string& role, const std::string& path,
                     const std::string& qualifier) {
    store.memory.grants.push_back({{person}, role, qualifier, path});
}

void District::on(const std::string& date) {
    clock.set(start_of_day(parse_date(date).value()).plus_seconds(10 * 3600));
}

std::string District::today() const { return to_text(local_date(clock.now())); }

void District::pass_until(const std::string& date) {
    const auto end = start_of_day(parse_date(date).value()).plus_seconds(10 * 3600);
    for (int fired = 0;; ++fired) {
        ASSERT_LT(fired, 10'000) << "timers without an end";
        std::optional<std::pair<CaseId, Timer>> next;
        for (const auto& [id, kept] : store.memory.timers)
            for (const auto& timer : kept)
                if (timer.due_at <= end && (!next || timer.due_at < next->second.due_at)) next = {id, timer};
        if (!next) break;
        if (next->second.due_at > clock.now()) clock.set(next->second.due_at);
        const auto& [id, timer] = *next;
        const auto wanted = timers(id);
        const bool is_wanted = std::find(wanted.begin(), wanted.end(), timer) != wanted.end();
        const auto outcome = service.fire(id, timer.key, timer.command);
        ASSERT_EQ(outcome.kind, is_wanted ? Outcome::Kind::accepted : Outcome::Kind::not_here)
            << timer.command << to_json(outcome.refusal).dump();
        const auto& left = store.memory.timers[id];
        ASSERT_EQ(std::find(left.begin(), left.end(), timer), left.end()) << timer.command << " is not forgotten";
    }
    clock.set(end);
}

const Definition& District::definition_of(const CaseRow& row) const {
    return *registry.find(row.definition, row.definition_version);
}

std::vector<Timer> District::timers(const CaseId& id) {
    const auto& found = row(id);
    const auto wanted = definition_of(found).timers({found.id, found.place, found.state, found.facts});
    auto kept = store.memory.timers[id];
    std::erase_if(kept, [&](const Timer& one) { return std::find(wanted.begin(), wanted.end(), one) == wanted.end(); });
    EXPECT_EQ(kept.size(), wanted.size()) << "what is wanted is kept";
    return kept;
}

std::string District::upload(const std::string& content) {
    const auto sha256 = sha256_hex(content);
    store.memory.documents[sha256] = content;
    return sha256;
}

Outcome District::give(const CaseId& id, const std::string& command, Json payload, const std::string& person,
                       const std::string& on_behalf_of) {
    CommandRequest request;
    request.case_id = id;
    request.expected_version = row(id).version;
    request.name = command;
    request.payload = std::move(payload);
    request.actor = {person};
    request.on_behalf_of = {on_behalf_of};
    request.idempotency_key = "k" + std::to_string(++keys_);
    return service.execute(request);
}

Outcome District::open(const std::string& definition, const std::string& place, const std::string& command,
                       Json payload, const std::string& person, const std::string& batch) {
    CommandRequest request;
    request.definition = definition;
    request.place_code = place;
    request.batch = batch;
    request.name = command;
    request.payload = std::move(payload);
    request.actor = {person};
    request.idempotency_key = "k" + std::to_string(++keys_);
    return service.execute(request);
}

CaseId District::place_case(const std::string& definition, const std::string& place, const std::string& state,
                            Json facts, const std::string& parent, int version) {
    const auto* found = version == 0 ? registry.newest(definition) : registry.find(definition, version);
    CaseRow placed;
    placed.id = {definition + "-" + std::to_string(store.memory.next_id++)};
    placed.definition = definition;
    placed.definition_version = found->info().version;
    placed.state = state;
    placed.version = 1;
    placed.place = store.memory.places.at(place);
    placed.parent = {parent};
    placed.final = found->info().is_final(state);
    placed.facts = std::move(facts);
    const CaseView view{placed.id, placed.place, placed.state, placed.facts};
    placed.summary = found->summary(view);
    store.memory.tasks[placed.id] = found->tasks(view);
    store.memory.timers[placed.id] = found->timers(view);
    const auto id = placed.id;
    store.memory.rows[id] = std::move(placed);
    return id;
}

Json District::sample(const CaseId& id, const std::string& command, const Json& given) {
    auto payload = Json::object();
    for (const auto& field : definition_of(row(id)).info().command(command)->fields) {
        if (!field.required) continue;
        switch (field.type) {
        case FieldType::line:
        case FieldType::text: payload[field.key] = "示例"; break;
        case FieldType::choice: payload[field.key] = field.choices.front(); break;
        case FieldType::choices: payload[field.key] = {field.choices.front()}; break;
        case FieldType::integer:
            payload[field.key] = field.max > field.min ? static_cast<int>(std::min(field.max, 90.0)) : 1;
            break;
        case FieldType::decimal: payload[field.key] = 90; break;
        case FieldType::boolean: payload[field.key] = false; break;
        case FieldType::date: payload[field.key] = today(); break;
        case FieldType::person: payload[field.key] = "ch"; break;
        case FieldType::people: payload[field.key] = {"ch", "m1", "m2"}; break;
        case FieldType::case_id: payload[field.key] = meeting.text; break;
        case FieldType::cases: payload[field.key] = {"nowhere"}; break;
        case FieldType::document: payload[field.key] = evidence; break;
        case FieldType::documents: payload[field.key] = {evidence}; break;
        case FieldType::places: payload[field.key] = {town_code}; break;
        }
    }
    if (command == "assign") payload.update({{"commander", "dc"}, {"supervisor", "ts"}, {"coordinator", "vc"}});
    for (const auto& [key, value] : given.items()) {
        if (value.is_null())
            payload.erase(key);
        else
            payload[key] = value;
    }
    return payload;
}

std::string District::person_for(const CaseId& id, const std::string& command) {
    static const std::map<std::string, std::string> people{
        {"village_officer", "vo"},    {"town_officer", "to"},         {"town_supervisor", "ts"},
        {"district_commander", "dc"}, {"village_coordinator", "vc"},  {"department_reviewer", "dr-organisation"},
        {"panel_leader", "pl"},       {"committee_secretary", "sec"}, {"committee_member", "m1"},
        {"committee_chair", "ch"},    {"responsible_person", "vo"},   {"issuer", "ts"}};
    const auto& found = row(id);
    const auto who = definition_of(found).info().who_may(found.state, command);
    return who.empty() || !people.contains(who.front()) ? "pl" : people.at(who.front());
}

CaseId District::meeting_in_session(const std::vector<std::string>& agenda, const std::vector<std::string>& present,
                                    bool secret) {
    meeting = place_case("committee_meeting", district_code, "in_session",
                         {{"title", "示例会议"},
                          {"meeting_on", today()},
                          {"chair", "ch"},
                          {"secret", secret},
                          {"agenda", agenda},
                          {"present", present},
                          {"open_ballots", Json::array()},
                          {"results", Json::array()}});
    return meeting;
}

// ---- a case -------------------------------------------------------------------------------------------------------

Case Case::on(const std::string& date) const {
    district_->on(date);
    return *this;
}

Case Case::as(const std::string& person) const {
    auto copy = *this;
    copy.person_ = person;
    return copy;
}

Case Case::for_(const std::string& person) const {
    auto copy = *this;
    copy.on_behalf_of_ = person;
    return copy;
}

Outcome Case::tries(const std::string& command, const Json& given) const {
    const auto before = district_->store.memory;
    const bool is_known = district_->definition_of(district_->row(id_)).info().command(command);
    const auto payload = is_known ? district_->sample(id_, command, given) : given;
    const auto outcome = district_->give(
        id_, command, payload, person_.empty() ? district_->person_for(id_, command) : person_, on_behalf_of_);
    district_->store.memory = before;
    return outcome;
}

Outcome Case::does(const std::string& command, const Json& given) const {
    const auto payload = district_->sample(id_, command, given);
    const auto outcome = district_->give(
        id_, command, payload, person_.empty() ? district_->person_for(id_, command) : person_, on_behalf_of_);
    EXPECT_EQ(outcome.kind, Outcome::Kind::accepted) << command << " " << to_json(outcome.refusal).dump();
    return outcome;
}

std::vector<std::string> Case::tasks() const {
    std::vector<std::string> lines;
    for (const auto& task : district_->tasks(id_))
        lines.push_back(task.command + " " + (task.role.empty() ? task.person.text : task.role) +
                        (task.qualifier.empty() ? "" : " " + task.qualifier));
    std::sort(lines.begin(), lines.end());
    return lines;
}

Json facts_of(const Outcome& outcome, const std::string& code) {
    for (const auto& reason : outcome.refusal.reasons())
        if (reason.code == code) return reason.facts;
    return {};
}

} // namespace cunmai::workflows::test
