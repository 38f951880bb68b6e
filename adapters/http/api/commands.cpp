// What can be done with a case, and doing it.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

namespace cunmai::http::api {

Endpoint list_commands() {
    const auto handler = [](App& app, const Request& request) {
        const auto found = reading(app, request).offers({request.param("id")}, on_behalf_of(request));
        if (!found) not_found();
        auto items = Json::array();
        for (const auto& offer : found->offers) items.push_back(view(offer, found->row.definition, request.language));
        return Response::json(
                   200, {{"state", found->row.state}, {"version", found->row.version}, {"items", std::move(items)}})
            .with("ETag", etag(found->row.version));
    };
    return {handler,
            Describe("Commands of the current state: which I may give, and what is missing for the others", "cases")
                .id()
                .on_behalf_of()
                .answers(200, object({{"state", {{"type", "string"}}},
                                      {"version", {{"type", "integer"}, {"minimum", 0}}},
                                      {"items", list_of(ref("Offer"))}}))};
}

Endpoint give_command() {
    const auto handler = [](App& app, const Request& request) {
        engine::CommandRequest command;
        command.case_id.text = request.param("id");
        command.name = request.param("name");
        command.payload = request.json();
        command.expected_version = if_match(request);
        command.on_behalf_of = on_behalf_of(request);
        command.idempotency_key = idempotency_key(request);
        const auto outcome = execute(app, request, std::move(command), 200);
        accepted_or_problem(request, outcome);
        return Response::json(200, view(outcome)).with("ETag", etag(outcome.version));
    };
    return {handler, Describe("Give a command", "cases")
                         .id()
                         .path("name", like(key_pattern))
                         .if_match()
                         .idempotency_key()
                         .on_behalf_of()
                         .takes({{"type", "object"},
                                 {"description",
                                  "The command's payload: see the schemas named after its workflow and command."}})
                         .answers(200, ref("Outcome"))
                         .gives_headers(200, {"ETag"})
                         .may_fail({403, 409})};
}

} // namespace cunmai::http::api
