// Opening, listing and reading cases.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/linking.hpp"
#include "engine/replay.hpp"

namespace cunmai::http::api {

namespace {

// The command that opens a case of the definition if the request names none: the only one, or the one called "open".
std::string opening_command(const engine::DefinitionInfo& info, const std::string& named) {
    if (!named.empty()) return named;
    std::string only;
    for (const auto& row : info.rows) {
        if (row.from != engine::not_opened) continue;
        const auto* command = info.command(row.command);
        if (!command || command->internal) continue;
        if (row.command == "open") return row.command;
        if (!only.empty() && only != row.command)
            only = "?";
        else
            only = row.command;
    }
    if (only.empty() || only == "?") {
        engine::Refusal why;
        why.add_for("command", "missing", {{"field", "command"}});
        refused(why);
    }
    return only;
}

db::CaseFilter filter_of(const Request& request) {
    db::CaseFilter filter;
    filter.definition = request.asked("definition");
    filter.state = request.asked("state");
    filter.place_code = request.asked("place");
    filter.batch = request.asked("round");
    filter.category = request.asked("category");
    filter.colour = request.asked("colour");
    filter.text = request.asked("text");
    filter.parent = request.asked("parent");
    filter.role = request.asked("role");
    filter.due_before = request.asked("due_before");
    filter.due_after = request.asked("due_after");
    filter.involved = request.asked("involved");
    if (filter.involved == "me") filter.involved = request.who().person.id.text;
    filter.open_only = request.asked("status") == "open";
    filter.final_only = request.asked("status") == "final";
    filter.sort = request.asked("sort", "-updated");
    filter.limit = limit_of(request);
    filter.cursor = request.asked("cursor");
    return filter;
}

} // namespace

Endpoint open_case() {
    const auto handler = [](App& app, const Request& request) {
        const auto body = request.json();
        engine::CommandRequest command;
        command.definition = body.at("definition");
        command.place_code = body.at("place");
        command.batch = body.value("round", "");
        command.payload = body.value("payload", Json::object());
        command.on_behalf_of = on_behalf_of(request);
        command.idempotency_key = idempotency_key(request);
        const auto* definition = app.registry.newest(command.definition);
        if (!definition) {
            engine::Refusal why;
            why.add_for("definition", "unknown_definition", {{"definition", command.definition}});
            refused(why);
        }
        command.name = opening_command(definition->info(), body.value("command", ""));
        const auto outcome = execute(app, request, std::move(command), 201);
        accepted_or_problem(request, outcome);
        return Response::json(201, view(outcome))
            .with("ETag", etag(outcome.version))
            .with("Location", "/api/v1/cases/" + outcome.case_id.text);
    };
    return {handler, Describe("Open a case: the first command of its life", "cases")
                         .idempotency_key()
                         .on_behalf_of()
                         .takes(object({{"definition", like(key_pattern)},
                                        {"place", like(code_pattern)},
                                        {"command", like(key_pattern)},
                                        {"round", like(id_pattern)},
                                        {"payload", {{"type", "object"}}}},
                                       {"command", "round", "payload"}))
                         .answers(201, ref("Outcome"))
                         .gives_headers(201, {"ETag", "Location"})
                         .may_fail({403, 404})};
}

Endpoint list_cases() {
    const auto handler = [](App& app, const Request& request) {
        const auto page = reading(app, request).list(filter_of(request));
        auto items = Json::array();
        const auto numbers = reading(app, request).numbers(page.rows);
        for (const auto& row : page.rows) items.push_back(view(row, numbers.at(row.id.text)));
        return Response::json(
            200, {{"items", std::move(items)}, {"next_cursor", or_null_text(page.next_cursor)}, {"total", page.total}});
    };
    return {handler,
            Describe("Cases within my jurisdictions", "cases")
                .query("definition", like(key_pattern))
                .query("state", like(key_pattern))
                .query("status", one_of({"open", "final"}))
                .query("place", like(code_pattern), "Code of a place: its cases and those below.")
                .query("category", like(key_pattern))
                .query("colour", one_of({"green", "yellow", "red"}))
                .query("role", like(key_pattern), "Cases that wait for this role.")
                .query("round", like(id_pattern))
                .query("parent", like(id_pattern))
                .query("involved", like(id_pattern),
                       "Id of a person, or `me`: cases in which they hold a post or a responsibility.")
                .query("due_before", date())
                .query("due_after", date())
                .query("text", text(100), "Part of the title or of the place's name, a case's number, or its id.")
                .query("sort",
                       one_of({"updated", "-updated", "opened", "-opened", "due", "-due", "title", "-title", "place",
                               "-place"}),
                       "With `-`: the largest first. -updated when not given.")
                .paged()
                .answers(200, page_of("Case", {{"total", {{"type", "integer"}, {"minimum", 0}}}}))};
}

namespace {

// What the events make of the case up to this one.
Response as_of_event(App& app, const Request& request, std::int64_t seq) {
    try {
        const auto then = reading(app, request).as_of({request.param("id")}, seq, {});
        if (!then) not_found();
        return Response::json(200, detail(then->row, number_of(app, request, then->row)));
    } catch (const engine::DamagedEvent& damaged) {
        Problem problem;
        problem.status = 409;
        problem.code = "record_damaged";
        problem.facts = {{"event", damaged.seq}};
        throw problem;
    }
}

} // namespace

Endpoint get_case() {
    const auto handler = [](App& app, const Request& request) {
        if (const auto seq = request.asked("as_of_event"); !seq.empty())
            return as_of_event(app, request, std::stoll(seq));
        const auto row = case_of(app, request);
        return Response::json(200, detail(row, number_of(app, request, row))).with("ETag", etag(row.version));
    };
    return {handler, Describe("One case, with its version as ETag", "cases")
                         .id()
                         .query("as_of_event", number(1, 1'000'000'000'000),
                                "The case as it stood after this event, made from its events; then without ETag.")
                         .answers(200, ref("CaseDetail"))
                         .gives_headers(200, {"ETag"})
                         .may_fail({409})};
}

} // namespace cunmai::http::api
