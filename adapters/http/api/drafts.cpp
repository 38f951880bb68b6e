// Indicator answers while they are being filled in: the answers that were submitted before the town returned them, and
// the draft over them. Only the person who may submit them sees and changes the draft.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/answers.hpp"

namespace cunmai::http::api {

namespace {

engine::CaseRow fillable(App& app, const Request& request) {
    const auto found = reading(app, request).offers({request.param("id")}, on_behalf_of(request));
    if (!found) not_found();
    for (const auto& offer : found->offers)
        if (offer.command == answers::submitting && offer.by_role) return found->row;
    engine::Refusal why;
    why.add("not_fillable_now", {{"state", found->row.state}});
    refused(why, 403);
}

Json why_returned(App& app, const Request& request, const engine::CaseRow& row) {
    const auto returned = answers::returned(app, request.who().viewer, row);
    if (!returned) return nullptr;
    const auto names = app.people.names({returned->by.text, returned->on_behalf_of.text});
    return {{"reason", returned->reason},
            {"by", returned->by.text},
            {"by_name", name_of(names, returned->by.text)},
            {"on_behalf_of", or_null_text(returned->on_behalf_of.text)},
            {"on_behalf_of_name", name_of(names, returned->on_behalf_of.text)},
            {"at", engine::to_iso(returned->at)}};
}

Response answer(App& app, const Request& request, const engine::CaseRow& row) {
    return Response::json(200, {{"case_id", row.id.text},
                                {"answers", answers::so_far(app, row)},
                                {"returned", why_returned(app, request, row)}});
}

} // namespace

Endpoint get_draft() {
    const auto handler = [](App& app, const Request& request) { return answer(app, request, fillable(app, request)); };
    return {
        handler,
        Describe("The answers so far", "self-check").id().on_behalf_of().answers(200, ref("Draft")).may_fail({403})};
}

Endpoint change_draft() {
    const auto handler = [](App& app, const Request& request) {
        const auto row = fillable(app, request);
        const auto why = answers::save(app, request.who().viewer, row, request.json().at("answers"));
        if (!why.empty()) refused(why);
        return answer(app, request, row);
    };
    const Json answers{{"type", "object"},
                       {"maxProperties", 200},
                       {"propertyNames", like("^[A-Z]{2,6}-[0-9]{1,3}$")},
                       {"additionalProperties", ref("Answer")}};
    return {handler, Describe("Save answers; those not named stay as they are", "self-check")
                         .id()
                         .on_behalf_of()
                         .takes(object({{"answers", answers}}))
                         .answers(200, ref("Draft"))
                         .may_fail({403})};
}

} // namespace cunmai::http::api
