// The record of a case, with everything that a verifier needs (docs/record-format.md), and its refused commands.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

namespace cunmai::http::api {

namespace {
constexpr int refusals_max = 1000; // the newest of a case
}

Endpoint history() {
    const auto handler = [](App& app, const Request& request) {
        const auto row = case_of(app, request);
        const auto after = std::stoll(request.asked("after_seq", "0"));
        const auto [events, next] = reading(app, request).history(row.id, after, limit_of(request));
        std::vector<std::string> people;
        for (const auto& event : events) {
            people.push_back(event.actor.text);
            if (!event.on_behalf_of.empty()) people.push_back(event.on_behalf_of.text);
        }
        const auto names = app.people.names(people);
        auto items = Json::array();
        for (const auto& event : events) items.push_back(view(event, names));
        return Response::json(200, {{"case_id", row.id.text},
                                    {"version", row.version},
                                    {"head_hash", row.head_hash},
                                    {"items", std::move(items)},
                                    {"next_after_seq", next ? Json(*next) : Json()}});
    };
    const Json count{{"type", "integer"}, {"minimum", 0}};
    return {handler, Describe("The events of a case in their order, with the hashed bytes", "record")
                         .id()
                         .query("after_seq", number(0, 1'000'000'000'000),
                                "Events after this one; `next_after_seq` of the page before.")
                         .query("limit", number(1, 100))
                         .answers(200, object({{"case_id", like(id_pattern)},
                                               {"version", count},
                                               {"head_hash", like(sha256_pattern)},
                                               {"items", list_of(ref("Event"))},
                                               {"next_after_seq", or_null(count)}}))};
}

Endpoint refusals() {
    const auto handler = [](App& app, const Request& request) {
        const auto row = case_of(app, request);
        const auto rows = reading(app, request).refusals(row.id, refusals_max);
        std::vector<std::string> people;
        for (const auto& one : rows) people.push_back(one.refused.actor.text);
        const auto names = app.people.names(people);
        auto items = Json::array();
        for (const auto& [refused, id] : rows)
            items.push_back({{"id", id},
                             {"at", engine::to_iso(refused.at)},
                             {"command", refused.command},
                             {"state", refused.state},
                             {"actor", refused.actor.text},
                             {"actor_name", name_of(names, refused.actor.text)},
                             {"on_behalf_of", or_null_text(refused.on_behalf_of.text)},
                             {"reasons", reasons(refused.reasons, request.language)},
                             {"request_id", refused.request_id}});
        return Response::json(200, page_after(request, items, "id"));
    };
    return {handler, Describe("Commands that were refused, newest first: who tried what, and why not", "record")
                         .id()
                         .paged()
                         .answers(200, page_of("RefusedCommand"))};
}

} // namespace cunmai::http::api
