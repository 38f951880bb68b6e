// Indicator answers while they are being filled in. Only the person who may submit them sees and changes the draft.
#include "adapters/http/api/endpoints.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/services/linking.hpp"

namespace cunmai::http::api {

namespace {

constexpr auto command = "submit_self_check";

engine::CaseRow fillable(App& app, const Request& request) {
    const auto found = app.service.offers({request.param("id")}, request.who().person.id, on_behalf_of(request));
    if (!found) not_found();
    for (const auto& offer : found->offers)
        if (offer.command == command && offer.by_role) return found->row;
    engine::Refusal why;
    why.add("not_fillable_now", {{"state", found->row.state}});
    refused(why, 403);
}

Response answer(App& app, const engine::CaseRow& row) {
    auto answers = app.drafts.get(row.id);
    return Response::json(
        200, {{"case_id", row.id.text}, {"answers", answers.is_object() ? std::move(answers) : Json::object()}});
}

// Known indicators, and evidence that the person may read: a hash that was guessed must not get a name here.
void check_answers(App& app, const Officer& officer, const Json& answers) {
    engine::Refusal why;
    const auto catalogue = app.rules.get("catalogue");
    for (const auto& [code, answer] : answers.items()) {
        bool known = false;
        if (catalogue.is_object())
            for (const auto& indicator : catalogue.at("indicators")) known = known || indicator.at("code") == code;
        if (!known) why.add_for(code, "unknown_indicator", {{"indicator", code}});
        for (const auto& sha256 : answer.value("evidence", Json::array()))
            if (!readable(app, officer, sha256.get<std::string>()))
                why.add_for(code, "document_unknown", {{"field", code}});
    }
    if (!why.empty()) refused(why);
}

} // namespace

Endpoint get_draft() {
    const auto handler = [](App& app, const Request& request) { return answer(app, fillable(app, request)); };
    return {
        handler,
        Describe("The answers so far", "self-check").id().on_behalf_of().answers(200, ref("Draft")).may_fail({403})};
}

Endpoint change_draft() {
    const auto handler = [](App& app, const Request& request) {
        const auto row = fillable(app, request);
        const auto changed = request.json().at("answers");
        check_answers(app, request.who(), changed);
        app.drafts.save(row.id, changed, request.who().person.id, app.clock.now());
        return answer(app, row);
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
