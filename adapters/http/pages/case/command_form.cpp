// A command's form: made from the fields of the command, given through the one door.
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

// What the form is filled with before anything was typed: what stands now, where the command changes it.
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

Json delegation_field(View& view, const engine::Offer& offer, const engine::PersonId& chosen) {
    const auto people = principals(view.viewer());
    if (people.empty() || offer.info->personal) return false;
    Names names;
    for (const auto& person : people) names.want(person);
    names.load(view.app.people, view.language());
    std::vector<Option> options{{"", view.t("page.do.as_myself"), ""}};
    for (const auto& person : people)
        options.push_back({person, view.t("page.do.for_person", {{"name", names.of(person)}}), ""});
    auto field = select("on_behalf_of", view.t("page.do.acting"), chosen.text, options);
    return field;
}

Response form_page(View& view, const Shown& shown, const Typed& typed, const engine::Refusal& refusal, int status) {
    const auto& row = shown.found->row;
    const auto& language = view.language();
    const auto name = command_name(language, row.definition, shown.offer->command);
    view.title(name).crumb(case_href(row), row.summary.title).wrong(refusal);
    auto fields = inputs_for(view, shown.offer->info->fields, typed, row.place);
    mark_errors(language, fields, refusal);
    if (const auto acting = delegation_field(view, *shown.offer, shown.on_behalf_of); acting.is_object())
        fields.insert(fields.begin(), acting);
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
    model["gone"] = shown.offer->missing.has("not_in_this_state"); // what was typed can be read, not sent
    const auto hint = "command." + shown.offer->command + ".hint";
    model["hint"] = texts::has(language, hint) ? Json(texts::text(language, hint)) : Json(false);
    model["back_href"] = case_href(row);
    put_basis(view, row, shown.offer->command);
    auto blocked = why_not(view, *shown.found, *shown.offer);
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
    const auto found = app.service.offers(id, view.me(), shown.on_behalf_of);
    if (!found) not_found();
    if (name == "submit_self_check") return Response::redirect("/cases/" + id.text + "/indicators");
    shown.found = &*found;
    shown.offer = find_offer(found->offers, name);
    if (!shown.offer) { // the case has moved on, or the command never was
        const auto* definition = app.registry.find(found->row.definition, found->row.definition_version);
        if (!definition || !definition->info().command(name)) not_found();
        return Response::redirect(case_href(found->row) + "?gone=" + name);
    }
    shown.key = new_key();
    shown.version = found->row.version;
    auto typed = what_stands(found->row, name, shown.offer->info->fields);
    for (const auto& field : shown.offer->info->fields) // a link may fill in what its page already knows
        if (const auto value = request.asked(field.key); !value.empty()) typed.values.emplace(field.key, value);
    return form_page(view, shown, typed, {}, 200);
}

Response do_command(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    auto command = command_from_form(request);
    command.case_id = id;
    command.name = request.param("command");
    const auto row = app.cases.find(view.viewer(), id);
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
    if (given.accepted() && !given.outcome.created.empty()) // what was opened is what one goes on with
        return Response::redirect("/cases/" + given.outcome.created.text + "?receipt=1");
    if (given.accepted()) {
        const auto here = app.cases.find(view.viewer(), id);
        return Response::redirect((here ? case_href(*here) : "/cases/" + id.text) +
                                  "?receipt=" + std::to_string(given.outcome.version));
    }

    const auto as = acting_for(view, command.on_behalf_of.text); // themselves, when nobody hands them a role any more
    const auto now = app.service.offers(id, view.me(), as);
    if (!now) not_found();
    // What was refused stays refused under its key; what is only looked at has not used it.
    const auto key = request.review ? command.idempotency_key : new_key();
    Shown shown{&*now, find_offer(now->offers, info->key), as, key, *command.expected_version};
    engine::Offer gone; // the case is in another state by now: the form still shows what was typed
    if (!shown.offer) {
        gone.command = info->key;
        gone.info = info;
        gone.by_role = true;
        gone.missing.add("not_in_this_state", {{"command", info->key}, {"state", now->row.state}});
        shown.offer = &gone;
    }
    int status = request.review ? 200 : 422;
    if (given.conflict()) {
        const auto events = app.cases.history(view.viewer(), id, *command.expected_version, 20);
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
