// The form of a command, made from the command's fields. The command is given through CaseService like any other.
#include "adapters/http/pages/case/basis.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/handlers.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

const engine::Offer* find_offer(const std::vector<engine::Offer>& offers, const std::string& command) {
    const auto found =
        std::find_if(offers.begin(), offers.end(), [&](const auto& offer) { return offer.command == command; });
    return found == offers.end() || !found->info || found->info->internal ? nullptr : &*found;
}

// The initial values of the form: the present values of what the command changes.
Typed what_stands(const engine::CaseRow& row, const std::string& command, const engine::Fields& fields) {
    Typed typed;
    const auto* source = &row.facts;
    if (command == "adopt_plan" && row.facts.contains("plan"))
        source = &row.facts.at("plan");
    else if (command == "assign" && row.facts.contains("posts"))
        source = &row.facts.at("posts");
    else if (command != "issue" && command != "set_agenda" && command != "record_attendance" && command != "amend")
        return typed;
    for (const auto& field : fields) {
        const auto value = source->find(field.key);
        if (value == source->end() || value->is_null()) continue;
        if (value->is_array())
            for (const auto& item : *value)
                typed.values.emplace(field.key, item.is_string() ? item.get<std::string>() : item.dump());
        else
            typed.values.emplace(field.key, value->is_string() ? value->get<std::string>() : value->dump());
    }
    return typed;
}

struct Shown {
    const engine::CaseAndOffers* found = nullptr;
    const engine::Offer* offer = nullptr;
    engine::PersonId on_behalf_of;
    std::string key;          // idempotency key
    std::int64_t version = 0; // of the case as the person saw it
};

Response form_page(View& view, const Shown& shown, const Typed& typed, const engine::Refusal& refusal, int status) {
    const auto& row = shown.found->row;
    const auto& language = view.language();
    const auto name = command_name(language, row.definition, shown.offer->command);
    view.title(name).crumb(href_as(case_href(row), shown.on_behalf_of), row.summary.title);
    auto fields = inputs_for(view, *shown.offer->info, typed, row.place);
    mark_errors(view, fields, refusal);
    if (!shown.offer->info->personal) put_acting_field(view, fields, shown.on_behalf_of);
    auto& model = view.model;
    model["case"] = case_card(view, row);
    model["action"] = "/cases/" + row.id.text + "/do/" + shown.offer->command;
    model["version"] = std::to_string(shown.version);
    model["idempotency_key"] = shown.key;
    put_file_limits(view);
    model["has_files"] = asks_for_files(shown.offer->info->fields);
    model["no_fields"] = fields.empty();
    model["fields"] = std::move(fields);
    model["button"] = name;
    model["grave"] = is_grave(shown.offer->command);
    model["gone"] = shown.offer->missing.has("not_in_this_state"); // the input can be read but no longer sent
    const auto hint = "command." + shown.offer->command + ".hint";
    model["hint"] = texts::has(language, hint) ? Json(texts::text(language, hint)) : Json(false);
    model["back_href"] = href_as(case_href(row), shown.on_behalf_of);
    put_basis(view, row, shown.offer->command);
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
    if (name == "submit_self_check")
        return Response::redirect(href_as("/cases/" + id.text + "/indicators", shown.on_behalf_of));
    shown.found = &*found;
    shown.offer = find_offer(found->offers, name);
    if (!shown.offer) { // the case has moved on, or there is no such command
        const auto* definition = app.registry.find(found->row.definition, found->row.definition_version);
        if (!definition || !definition->info().command(name)) not_found();
        return Response::redirect(href_as(case_href(found->row) + "?gone=" + name, shown.on_behalf_of));
    }
    shown.key = new_key();
    shown.version = found->row.version;
    auto typed = what_stands(found->row, name, shown.offer->info->fields);
    for (const auto& field : shown.offer->info->fields) // a link may prefill fields
        if (const auto value = request.asked(field.key); !value.empty()) typed.values.emplace(field.key, value);
    return form_page(view, shown, typed, {}, 200);
}

Response do_command(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    auto command = command_from_form(request);
    command.case_id = id;
    command.name = request.param("command");
    const auto row = view.reading().find(id);
    const auto* definition = row ? app.registry.find(row->definition, row->definition_version) : nullptr;
    const auto* info = definition ? definition->info().command(command.name) : nullptr;
    if (!info || info->internal) turn_away(app, request, command);

    auto form = read_form(app, request, info->fields);
    command.payload = form.payload;
    command.objections = form.refusal;
    if (!command.expected_version) command.expected_version = 0;

    Given given;
    given.refusal = form.refusal;
    given.outcome.kind = engine::Outcome::Kind::invalid;
    if (!request.review) given = give(app, request, definition->info(), command);
    const auto as = acting_for(view, command.on_behalf_of.text); // themselves, when nobody hands them a role any more
    if (given.accepted() && !given.outcome.created.empty())      // what was opened is what one goes on with
        return Response::redirect(href_as("/cases/" + given.outcome.created.text + "?receipt=1", as));
    if (given.accepted()) {
        const auto here = view.reading().find(id);
        return Response::redirect(href_as(
            (here ? case_href(*here) : "/cases/" + id.text) + "?receipt=" + std::to_string(given.outcome.version), as));
    }

    const auto now = view.reading().offers(id, as);
    if (!now) not_found();
    // A refusal is kept under its key, so the form needs a new one. A form that was only looked at has not used its
    // key.
    const auto key = request.review ? command.idempotency_key : new_key();
    Shown shown{&*now, find_offer(now->offers, info->key), as, key, *command.expected_version};
    engine::Offer gone; // for a case that is in another state by now, so that the form still shows the input
    if (!shown.offer) {
        gone.command = info->key;
        gone.info = info;
        gone.by_role = true;
        gone.missing.add("not_in_this_state", {{"command", info->key}, {"state", now->row.state}});
        shown.offer = &gone;
    }
    int status = request.review ? 200 : 422;
    if (given.conflict()) {
        const auto events = view.reading().history(id, *command.expected_version, 20).events;
        view.model["changed"] = {{"entries", timeline(view, now->row, events, 20)},
                                 {"state_text", state_name(view.language(), now->row.definition, now->row.state)}};
        view.model["has_errors"] = true;
        view.model["errors"].push_back({{"field", false}, {"text", view.t("page.do.changed_meanwhile")}});
        shown.version = now->row.version;
        status = 409;
    } else if (given.outcome.kind == engine::Outcome::Kind::forbidden) {
        status = 403;
    }
    return form_page(view, shown, form.typed, given.refusal, status);
}

} // namespace cunmai::http::pages
