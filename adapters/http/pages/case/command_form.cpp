// The form of a command, made from the command's fields. The command is given through CaseService like any other.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/basis.hpp"
#include "adapters/http/pages/case/command_parts.hpp"
#include "adapters/http/pages/special_pages.hpp"

namespace cunmai::http::pages {

namespace {

struct Shown {
    const engine::Definition* definition = nullptr;
    const engine::CaseAndOffers* found = nullptr;
    const engine::Offer* offer = nullptr;
    engine::PersonId on_behalf_of;
    std::string key;          // idempotency key
    std::int64_t version = 0; // of the case as the person saw it
};

Response form_page(View& view, const Shown& shown, const Typed& typed, const engine::Refusal& refused, int status) {
    const auto& row = shown.found->row;
    const auto& language = view.language();
    const auto refusal = in_words_of(language, row.definition, refused);
    const auto& info = *shown.offer->info;
    const auto name = command_name(language, row.definition, info.key);
    view.title(name).crumb(href_as(case_href(view.app, row), shown.on_behalf_of), case_title(view, row));
    auto fields = inputs_for(view, *shown.definition, info, typed, row.place);
    mark_errors(view, fields, refusal);
    if (!info.personal) put_acting_field(view, fields, shown.on_behalf_of);
    auto& model = view.model;
    model["case"] = case_card(view, row);
    model["action"] = "/cases/" + row.id.text + "/do/" + info.key;
    model["version"] = std::to_string(shown.version);
    model["idempotency_key"] = shown.key;
    put_file_limits(view);
    model["has_files"] = asks_for_files(info.fields);
    model["no_fields"] = fields.empty();
    model["fields"] = std::move(fields);
    model["button"] = name;
    model["grave"] = is_grave(*shown.definition, info.key);
    model["gone"] = shown.offer->missing.has("not_in_this_state"); // the input can be read but no longer sent
    const auto hint = "command." + info.key + ".hint";
    model["hint"] = texts::has(language, hint) ? Json(texts::text(language, hint)) : Json(false);
    model["back_href"] = href_as(case_href(view.app, row), shown.on_behalf_of);
    put_basis(view, row, info.key);
    auto blocked = why_not(view, *shown.found, *shown.offer, shown.on_behalf_of);
    model["is_blocked"] = !blocked.empty();
    model["reasons"] = std::move(blocked);
    if (!model.contains("changed")) model["changed"] = false;
    return view.page("command_form", status);
}

} // namespace

Response show_command(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto name = request.param("command");
    Shown shown;
    shown.on_behalf_of = acting_for(view, request.asked("as"));
    const auto found = view.reading().offers(id, shown.on_behalf_of);
    if (!found) not_found();
    shown.definition = definition_of(app, found->row);
    if (!shown.definition || !shown.definition->info().command(name)) not_found();
    if (const auto page = page_of_command(*shown.definition, name); !page.empty())
        return Response::redirect(special_page(page, id.text) + query_with(request, {}));
    shown.found = &*found;
    shown.offer = find_offer(found->offers, name);
    if (!shown.offer) // the case has moved on
        return Response::redirect(href_as(case_href(app, found->row) + "?gone=" + name, shown.on_behalf_of));
    shown.key = new_key();
    shown.version = found->row.version;
    const auto typed = first_typed(view, *shown.definition, found->row, name, shown.offer->info->fields);
    return form_page(view, shown, typed, {}, 200);
}

Response do_command(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    auto command = command_from_form(request);
    command.case_id = id;
    command.name = request.param("command");
    const auto row = view.reading().find(id);
    const auto* definition = row ? definition_of(app, *row) : nullptr;
    const auto* info = definition ? definition->info().command(command.name) : nullptr;
    if (!info || info->internal) turn_away(app, request, command);

    auto form = read_form(app, request, info->fields);
    command.payload = form.payload;
    command.objections = form.refusal;
    if (!command.expected_version) command.expected_version = 0;

    Given given;
    given.refusal = form.refusal;
    given.outcome.kind = engine::Outcome::Kind::invalid;
    if (!request.review) given = give(app, request, command);
    const auto as = acting_for(view, command.on_behalf_of.text); // themselves, when nobody hands them a role any more
    if (given.accepted()) return to_receipt(view, id, given.outcome, as);

    const auto now = view.reading().offers(id, as);
    if (!now) not_found();
    // A refusal is kept under its key, so the form needs a new one. A form that was only looked at has not used its
    // key.
    const auto key = request.review ? command.idempotency_key : new_key();
    Shown shown{definition, &*now, find_offer(now->offers, info->key), as, key, *command.expected_version};
    engine::Offer gone; // the case is in another state by now: the form still shows what was typed
    if (!shown.offer) {
        gone.command = info->key;
        gone.info = info;
        gone.by_role = true;
        gone.missing.add("not_in_this_state", {{"command", info->key}, {"state", now->row.state}});
        shown.offer = &gone;
    }
    const int status = put_refused(view, now->row, given, shown.version);
    return form_page(view, shown, form.typed, given.refusal, status);
}

} // namespace cunmai::http::pages
