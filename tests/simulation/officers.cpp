#include "tests/simulation/officers.hpp"

#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::simulation {

using namespace engine;

namespace {

const DefinitionInfo& info_of(const CaseRow& row) {
    return world().registry.find(row.definition, row.definition_version)->info();
}

Json with(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() ? Json() : *found;
}

} // namespace

std::vector<std::string> documents_named(const std::string& payload) {
    const bool has_answers = payload.find(world().answers) != std::string::npos;
    if (has_answers) return {world().answers, world().evidence};
    return payload.find(world().evidence) != std::string::npos ? std::vector{world().evidence}
                                                               : std::vector<std::string>{};
}

CommandRequest Officers::wish(CaseService& service, Instant now, bool legal) {
    std::optional<Request> request;
    const auto kind = dice_.below(100);
    if (kind < 62)
        request = from_task(now);
    else if (kind < 76)
        request = of_meeting(now);
    else if (kind < 83)
        request = opening(now);
    else if (kind < 93 && !legal)
        request = from_rows(now);
    else if (kind < 97)
        request = from_offers(service, now);
    if (!request && dice_.chance(800)) request = from_task(now);
    if (!request) request = legal ? opening(now) : anything(now);
    if (!legal && dice_.chance(140)) spoil(*request);
    request->documents = documents_named(request->payload.dump(-1, ' ', false, Json::error_handler_t::replace));
    return *request;
}

std::optional<CaseRow> Officers::a_case() {
    const auto cases = backend_.cases();
    if (cases.empty()) return {};
    for (int tries = 0; tries < 6; ++tries)
        if (const auto& one = dice_.pick(cases); !one.final) return backend_.row(one.id);
    return backend_.row(dice_.pick(cases).id);
}

std::optional<CommandRequest> Officers::from_task(Instant now) {
    const auto cases = backend_.cases();
    CaseId id;
    std::vector<Task> tasks;
    for (int tries = 0; tries < 12 && tasks.empty() && !cases.empty(); ++tries) {
        id = dice_.pick(cases).id;
        tasks = backend_.tasks(id);
    }
    if (tasks.empty()) return {};
    const auto row = backend_.row(id);
    const auto& task = dice_.pick(tasks);
    if (task.command == "endorse" && dice_.chance(300)) // a department changes its opinion, which no work item asks for
        return for_case(*row, "sign_opinion", dice_.pick(world().holders("department_reviewer", row->place.path)), now);
    if (!task.person.empty()) return for_case(*row, task.command, task.person, now);
    const auto people = world().holders(task.role, row->place.path, task.qualifier);
    if (people.empty()) return {};
    return for_case(*row, task.command, dice_.pick(people), now);
}

std::optional<CommandRequest> Officers::from_offers(CaseService& service, Instant now) {
    const auto row = a_case();
    if (!row) return {};
    const auto& person = dice_.pick(world().people);
    const auto found = service.offers(row->id, person, {});
    if (!found) return {};
    std::vector<const Offer*> allowed;
    for (const auto& offer : found->offers)
        if (offer.allowed) allowed.push_back(&offer);
    if (allowed.empty()) return {};
    return for_case(*row, dice_.pick(allowed)->command, person, now);
}

// A command of the table by a person who may give it, whatever the conditions say.
std::optional<CommandRequest> Officers::from_rows(Instant now) {
    const auto row = a_case();
    if (!row) return {};
    std::vector<const RowInfo*> rows;
    for (const auto& one : info_of(*row).rows)
        if (one.from == row->state) rows.push_back(&one);
    if (rows.empty()) return {};
    const auto& chosen = *dice_.pick(rows);
    if (chosen.command == "terminate" && !dice_.chance(150)) return {}; // rarely, so that some cases grow old
    return for_case(*row, chosen.command, who_may(*row, chosen.who), now);
}

CommandRequest Officers::of_meeting(Instant now) {
    const auto meeting = newest("committee_meeting", {"convened", "in_session"});
    if (!meeting) {
        Request request;
        request.definition = "committee_meeting";
        request.place_code = "990100";
        request.name = "convene";
        request.actor = {"sec"};
        CaseRow none;
        none.place = world().places.at("990100");
        request.payload =
            payload(world().registry.newest(request.definition)->info(), request.name, none, request.actor, now);
        return request;
    }
    if (meeting->state == "convened")
        return for_case(*meeting,
                        dice_.chance(800)   ? "start_session"
                        : dice_.chance(700) ? "set_agenda"
                                            : "cancel_meeting",
                        {"sec"}, now);
    const auto choice = dice_.below(10);
    return for_case(*meeting,
                    choice < 5   ? "set_agenda"
                    : choice < 8 ? "record_attendance"
                                 : "close_meeting",
                    {"sec"}, now);
}

CommandRequest Officers::opening(Instant now) {
    Request request;
    const bool round = dice_.chance(200);
    request.definition = round ? "screening_round" : "village_lifecycle";
    request.place_code = round ? "990100" : dice_.pick(world().villages);
    request.name = round ? "announce" : dice_.chance(600) ? "open" : "open_targeted";
    request.actor = {dice_.chance(500) ? "pl1" : "pl2"};
    if (request.name == "open")
        if (const auto found = newest("screening_round", {"open"})) request.batch = found->id.text;
    CaseRow none;
    none.place = world().places.at(request.place_code);
    request.payload =
        payload(world().registry.newest(request.definition)->info(), request.name, none, request.actor, now);
    return request;
}

CommandRequest Officers::anything(Instant now) {
    const auto row = a_case();
    if (!row) return opening(now);
    const auto& commands = info_of(*row).commands;
    return for_case(*row, dice_.pick(commands).key, dice_.pick(world().people), now);
}

void Officers::spoil(Request& request) {
    switch (dice_.below(8)) {
    case 0: request.payload["no_such_field"] = 1; break;
    case 1:
        if (!request.payload.empty()) request.payload.erase(request.payload.begin().key());
        break;
    case 2:
        if (!request.payload.empty()) request.payload[request.payload.begin().key()] = Json::array({Json::object()});
        break;
    case 3:
        if (request.expected_version) *request.expected_version += dice_.between(-2, 2);
        break;
    case 4: request.actor = dice_.pick(world().people); break;
    case 5: request.on_behalf_of = {request.actor.text == "to1" ? "ts1" : "chair"}; break;
    case 6: request.name = "no_such_command"; break;
    default:
        if (!request.payload.empty()) request.payload[request.payload.begin().key()] = std::string(5000, 'x');
        break;
    }
}

PersonId Officers::who_may(const CaseRow& row, const std::vector<std::string>& who) {
    const auto& one = dice_.pick(who);
    const auto* definition = world().registry.find(row.definition, row.definition_version);
    const auto relations = definition->relations({row.id, row.place, row.state, row.facts});
    if (const auto people = relations.find(one); people != relations.end() && !people->empty())
        return {people->at(dice_.below(people->size())).get<std::string>()};
    const auto people = world().holders(one, row.place.path);
    return people.empty() ? dice_.pick(world().people) : dice_.pick(people);
}

CommandRequest Officers::for_case(const CaseRow& row, const std::string& command, const PersonId& person, Instant now) {
    Request request;
    request.case_id = row.id;
    request.expected_version = row.version;
    request.name = command;
    request.actor = person;
    if (person.text == "to1" && command != "cast_vote" && dice_.chance(100)) request.on_behalf_of = {"ts1"};
    request.payload = payload(info_of(row), command, row, person, now);
    return request;
}

std::optional<CaseRow> Officers::newest(std::string_view definition, const std::vector<std::string>& states) {
    const auto cases = backend_.cases();
    for (auto one = cases.rbegin(); one != cases.rend(); ++one)
        if (one->definition == definition && std::find(states.begin(), states.end(), one->state) != states.end())
            return backend_.row(one->id);
    return {};
}

std::vector<std::string> Officers::awaiting_vote() {
    std::vector<std::string> list;
    for (const auto& one : backend_.cases())
        if (one.state == "committee_approval" || one.state == "exit_approval") list.push_back(one.id.text);
    return list;
}

Json Officers::value(const Field& field, Instant now) {
    const auto day = [&](std::int64_t days) { return to_text(local_date(now.plus_seconds(days * day_seconds))); };
    switch (field.type) {
    case FieldType::line:
    case FieldType::text: return "示例" + std::to_string(dice_.below(1000));
    case FieldType::choice: return dice_.pick(field.choices);
    case FieldType::choices: return Json::array({dice_.pick(field.choices)});
    case FieldType::integer: {
        const auto most = field.max > field.min ? static_cast<std::int64_t>(std::min(field.max, 1000.0)) : 100;
        return dice_.between(std::max<std::int64_t>(1, static_cast<std::int64_t>(field.min)), most);
    }
    case FieldType::decimal: return dice_.between(80, 100);
    case FieldType::boolean: return dice_.chance(400);
    case FieldType::date: return day(dice_.between(1, 30));
    case FieldType::person: return dice_.pick(world().people).text;
    case FieldType::people: return Json::array({"chair", "m1", "m2", "m3", "m4"});
    case FieldType::case_id: {
        const auto cases = backend_.cases();
        return cases.empty() ? "nowhere" : dice_.pick(cases).id.text;
    }
    case FieldType::cases: return awaiting_vote();
    case FieldType::document: return field.key == "answers" ? world().answers : world().evidence;
    case FieldType::documents: return Json::array({world().evidence});
    case FieldType::places: return Json::array({"990100001"});
    }
    return {};
}

Json Officers::payload(const DefinitionInfo& info, const std::string& command, const CaseRow& row,
                       const PersonId& person, Instant now) {
    auto payload = Json::object();
    const auto* found = info.command(command);
    if (!found) return payload;
    for (const auto& field : found->fields)
        if (field.required || dice_.chance(300)) payload[field.key] = value(field, now);

    const auto day = [&](std::int64_t days) { return to_text(local_date(now.plus_seconds(days * day_seconds))); };
    if (payload.contains("held_on")) payload["held_on"] = day(0);
    if (payload.contains("secondary_categories")) payload.erase("secondary_categories");
    if (command == "sign_opinion") {
        for (const auto& grant : world().grants)
            if (grant.person == person && grant.role == "department_reviewer") payload["department"] = grant.qualifier;
        if (!dice_.chance(30)) payload["opinion"] = "endorse";
    } else if (command == "open_ballot") {
        if (const auto meeting = newest("committee_meeting", {"in_session"})) payload["meeting"] = meeting->id.text;
    } else if (command == "cast_vote") {
        const auto ballot = with(row.facts, "ballot");
        const bool secret = ballot.is_object() && ballot.value("secret", false);
        payload["choice"] = dice_.chance(850) ? "approve" : dice_.chance(500) ? "reject" : "abstain";
        if (secret)
            payload.erase("reason");
        else
            payload["reason"] = "示例理由";
    } else if (command == "convene") {
        payload["chair"] = dice_.chance(900) ? "chair" : "m1";
        payload["agenda"] = awaiting_vote();
        payload["secret"] = dice_.chance(500);
    } else if (command == "assign" || command == "replace_assignee") {
        const auto kind = workflows::coordinator_kind_for(row.facts.value("category", ""));
        const auto someone = [&](const char* role, const std::string& qualifier = "") {
            const auto people = world().holders(role, row.place.path, qualifier);
            return people.empty() ? std::string("nobody") : dice_.pick(people).text;
        };
        const Json posts{{"commander", someone("district_commander")},
                         {"supervisor", someone("town_supervisor")},
                         {"coordinator", someone("village_coordinator", kind)}};
        if (command == "assign")
            payload = posts;
        else
            payload["person"] = posts.at(payload.at("post").get<std::string>());
    } else if (command == "issue_prescription" || command == "issue") {
        const auto officers = world().holders("village_officer", row.place.path);
        payload["problem"] = "示例问题";
        payload["task"] = "示例任务";
        payload["acceptance_criterion"] = "示例标准";
        payload["deadline_on"] = day(dice_.between(3, 40));
        if (!officers.empty()) payload["responsible_person"] = dice_.pick(officers).text;
        const auto relapses = with(row.facts, "relapse_items");
        if (!relapses.empty()) payload["source"] = relapses.back().at("code");
    } else if (command == "request_extension" || command == "reopen") {
        payload[command == "reopen" ? "deadline_on" : "until_on"] = day(dice_.between(20, 60));
    } else if (command == "record_public_evaluation") {
        payload["respondents"] = dice_.between(25, 200);
    } else if (command == "record_look_back" && !dice_.chance(150)) {
        payload["finding"] = "holds";
    } else if ((command == "record_commander_opinion" || command == "record_coordinator_opinion") &&
               !dice_.chance(100)) {
        payload["opinion"] = "favourable";
    } else if (command == "announce") {
        payload["self_check_due_on"] = day(10);
        payload["screening_due_on"] = day(20);
        payload["review_due_on"] = day(30);
    } else if (command == "adopt_plan") {
        payload["monitoring_cycle_days"] = 30;
    }
    return payload;
}

} // namespace cunmai::simulation
