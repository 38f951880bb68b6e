#include "adapters/http/pages/case/command_parts.hpp"

#include <algorithm>

namespace cunmai::http::pages {

const engine::Offer* find_offer(const std::vector<engine::Offer>& offers, std::string_view command) {
    const auto found =
        std::find_if(offers.begin(), offers.end(), [&](const auto& offer) { return offer.command == command; });
    return found == offers.end() || !found->info || found->info->internal ? nullptr : &*found;
}

Typed first_typed(View& view, const engine::Definition& definition, const engine::CaseRow& row,
                  const std::string& command, const engine::Fields& fields) {
    auto typed = what_stands(definition, row.facts, command, fields);
    for (const auto& field : fields)
        if (const auto value = view.request.asked(field.key); !value.empty()) typed.values.emplace(field.key, value);
    return typed;
}

Response to_receipt(const View& view, const engine::CaseId& id, const engine::Outcome& outcome,
                    const engine::PersonId& as) {
    if (!outcome.created.empty()) // what was opened is what one goes on with
        return Response::redirect(href_as("/cases/" + outcome.created.text + "?receipt=1", as));
    const auto here = view.reading().find(id);
    return Response::redirect(href_as(
        (here ? case_href(view.app, *here) : "/cases/" + id.text) + "?receipt=" + std::to_string(outcome.version), as));
}

int put_refused(View& view, const engine::CaseRow& now, const Given& given, std::int64_t& seen) {
    if (view.request.review) return 200;
    if (given.outcome.kind == engine::Outcome::Kind::forbidden) return 403;
    if (!given.conflict()) return 422;
    const auto events = view.reading().history(now.id, seen, 20).events;
    view.model["changed"] = {{"entries", timeline(view, now, events, 20)},
                             {"state_text", state_name(view.language(), now.definition, now.state)}};
    view.model["has_errors"] = true;
    view.model["errors"].push_back({{"field", false}, {"text", view.t("page.do.changed_meanwhile")}});
    seen = now.version;
    return 409;
}

} // namespace cunmai::http::pages
