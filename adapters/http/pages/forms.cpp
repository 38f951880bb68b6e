#include "adapters/http/pages/forms.hpp"

#include "adapters/http/wire/limits.hpp"
#include "adapters/services/linking.hpp"
#include "adapters/services/uploads.hpp"
#include "adapters/words/numbers.hpp"
#include "db/cases/openings.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

using engine::Field;
using engine::FieldType;

// Holders of the roles that the workflow offers for the field, or everybody who acts over the place.
std::vector<Option> people_for(View& view, const engine::Offered* offered, const engine::Place& place) {
    std::vector<std::string> roles;
    if (offered && !offered->roles.empty())
        roles.assign(offered->roles.begin(), offered->roles.end());
    else
        for (const auto& role : view.app.roles.all())
            if (role.kind == engine::RoleInfo::Kind::acts) roles.push_back(role.key);

    std::vector<std::pair<std::string, std::string>> held; // person and the role that they hold
    Names names;
    for (const auto& role : roles)
        for (const auto& grant : view.app.people.grants_over(place.path, role)) {
            held.emplace_back(grant.person.text,
                              role_name(view.language(), grant.role, grant.qualifier) + " · " + grant.place_name);
            names.want(grant.person.text);
        }
    names.load(view.app.people, view.language());

    std::vector<Option> options;
    for (const auto& [person, what] : held) {
        const auto known = std::find_if(options.begin(), options.end(),
                                        [&, id = person](const Option& option) { return option.value == id; });
        if (known == options.end())
            options.push_back({person, names.of(person), what});
        else if (known->note != what)
            known->note = join(view.language(), {known->note, what});
    }
    return options;
}

// Open cases: those that the workflow offers for the field, or all at the place.
std::vector<Option> cases_for(View& view, const engine::Offered* offered, const engine::Place& place) {
    db::CaseFilter filter;
    filter.open_only = true;
    filter.limit = 100;
    if (offered) filter.definition = offered->cases_of;
    if (!offered || offered->here) filter.place_code = place.code;
    std::vector<std::string> states{""};
    if (offered && !offered->states.empty()) states.assign(offered->states.begin(), offered->states.end());
    std::vector<Option> options;
    for (const auto& state : states) {
        filter.state = state;
        for (const auto& row : view.reading().list(filter).rows)
            options.push_back(
                {row.id.text, case_title(view, row), state_name(view.language(), row.definition, row.state)});
    }
    return options;
}

// The places below; where the workflow says so, with how many of their villages have no open case of a definition.
std::vector<Option> places_for(View& view, const engine::Offered* offered, const engine::Place& place) {
    std::map<std::string, db::Openings> openings;
    const bool counts = offered && !offered->openings.empty();
    if (counts)
        for (auto& one : db::openings_by_town(view.app.database, {place.path}, offered->openings))
            openings[one.town] = one;
    std::vector<Option> options;
    for (const auto& child : view.app.places.children(place.code)) {
        const auto& town = openings[child.code];
        options.push_back({child.code, child.name,
                           counts ? view.t("page.rounds.can_open",
                                           {{"count", town.villages - town.in_hand}, {"in_hand", town.in_hand}})
                                  : ""});
    }
    return options;
}

std::vector<Option> choices_for(const std::string& language, const std::string& definition, const Field& field) {
    std::vector<Option> options;
    for (const auto& choice : field.choices) {
        const auto note = "choice." + field.key + "." + choice + ".hint";
        options.push_back({choice, choice_name(language, field.key, choice, definition),
                           texts::has(language, note) ? texts::text(language, note) : ""});
    }
    return options;
}

// A select shows no notes, so the person's role stands behind the name.
std::vector<Option> flat(std::vector<Option> options) {
    for (auto& option : options)
        if (!option.note.empty()) option.text += " · " + option.note;
    return options;
}

Json number(const Field& field, const std::string& label, const std::string& value) {
    auto made = input(field.key, label, value, "text");
    made["inputmode"] = field.type == FieldType::integer ? "numeric" : "decimal";
    made["short"] = true;
    return made;
}

std::vector<Option> kept_documents(View& view, const std::vector<std::string>& sha256s) {
    std::vector<Option> options;
    for (const auto& sha256 : sha256s)
        if (const auto info = documents::readable(view.app, view.request.who().viewer, sha256))
            options.push_back({sha256, info->name, file_size(view.language(), info->size)});
    return options;
}

bool is_documents(FieldType type) { return type == FieldType::document || type == FieldType::documents; }

// A text that is not a number is passed on as it is: it is refused as wrong_type, and the form shows it again.
Json to_number(const std::string& text, const Field& field) {
    auto number = number_typed(text, field.min == 0 && field.max == 100);
    const bool fits = number.is_number_integer() || (number.is_number() && field.type == FieldType::decimal);
    return fits ? number : Json(text);
}

void put(Json& payload, const Field& field, const Typed& typed) {
    const auto text = typed.one(field.key);
    switch (field.type) {
    case FieldType::integer:
    case FieldType::decimal:
        if (!text.empty()) payload[field.key] = to_number(text, field);
        return;
    case FieldType::boolean: payload[field.key] = text == "true"; return;
    case FieldType::choices:
    case FieldType::people:
    case FieldType::cases:
    case FieldType::places:
    case FieldType::documents:
        if (const auto values = typed.all(field.key); !values.empty()) payload[field.key] = values;
        return;
    default:
        if (!text.empty()) payload[field.key] = text;
    }
}

} // namespace

std::string file_hint(const View& view) {
    const auto& config = view.app.config;
    return view.t("page.file_hint",
                  {{"max_mb", config.upload_max_bytes >> 20}, {"total_mb", form_files_bytes_max(config) >> 20}});
}

void put_file_limits(View& view) {
    const auto& config = view.app.config;
    view.model["file_limits"] = {{"one_bytes", std::to_string(config.upload_max_bytes)},
                                 {"all_bytes", std::to_string(form_files_bytes_max(config))},
                                 {"one_mb", std::to_string(config.upload_max_bytes >> 20)},
                                 {"all_mb", std::to_string(form_files_bytes_max(config) >> 20)}};
    view.model["evidence_hint"] = file_hint(view);
}

std::string Typed::one(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? "" : found->second;
}

std::vector<std::string> Typed::all(const std::string& key) const {
    std::vector<std::string> list;
    const auto range = values.equal_range(key);
    for (auto at = range.first; at != range.second; ++at) list.push_back(at->second);
    return list;
}

Typed read_typed(const Request& request, const engine::Fields& fields, const std::string& prefix) {
    Typed typed;
    for (const auto& field : fields) {
        const auto name = prefix + (is_documents(field.type) ? field.key + "_kept" : field.key);
        for (const auto& value : form_values(request, name)) typed.values.emplace(field.key, value);
    }
    return typed;
}

Form read_form(App& app, const Request& request, const engine::Fields& fields, const std::string& prefix) {
    Form form;
    form.typed = read_typed(request, fields, prefix);
    for (const auto& upload : request.uploads()) {
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const Field& one) { return prefix + one.key == upload.field; });
        if (field == fields.end() || !is_documents(field->type) || (upload.name.empty() && upload.size == 0)) continue;
        const auto stored = store_upload(app, request.who().person.id, upload.content_file, upload.name);
        for (const auto& reason : stored.refusal.reasons()) form.refusal.add_for(field->key, reason.code, reason.facts);
        if (!stored.refusal.empty()) continue;
        if (field->type == FieldType::document) form.typed.values.erase(field->key); // the new one stands
        const auto there = form.typed.all(field->key); // who chooses the same file again means it once
        if (std::find(there.begin(), there.end(), stored.info.sha256) == there.end())
            form.typed.values.emplace(field->key, stored.info.sha256);
    }
    for (const auto& field : fields) put(form.payload, field, form.typed);
    return form;
}

Json inputs_for(View& view, const engine::Definition& definition, const engine::CommandInfo& command,
                const Typed& typed, const engine::Place& place, const std::string& prefix) {
    auto list = Json::array();
    const auto& language = view.language();
    const auto is_needed = [&](const Field& field) {
        return field.required || is_asked_for(definition, command.key, field.key);
    };
    const auto add = [&](Json made, const Field& field) {
        made = is_needed(field) ? required(std::move(made)) : optional(std::move(made));
        if (const auto hint = "field." + field.key + ".hint"; texts::has(language, hint))
            made["hint"] = texts::text(language, hint);
        list.push_back(std::move(made));
    };
    const auto please_choose = view.t("page.please_choose");
    for (const auto& field : command.fields) {
        const auto label = field_name(language, field.key, definition.info().key);
        const auto value = typed.one(field.key);
        const auto* offered = offered_for(definition, field.key);
        switch (field.type) {
        case FieldType::line: {
            auto made = input(field.key, label, value);
            made["maxlength"] = std::to_string(field.length_max ? field.length_max : 200);
            add(std::move(made), field);
            break;
        }
        case FieldType::text: {
            auto made = text_area(field.key, label, value);
            made["maxlength"] = std::to_string(field.length_max ? field.length_max : 4000);
            add(std::move(made), field);
            break;
        }
        case FieldType::choice: {
            const auto options = choices_for(language, definition.info().key, field);
            if (options.size() > 6 || !is_needed(field))
                add(select(field.key, label, value, options, please_choose), field);
            else
                add(radios(field.key, label, value, options), field);
            break;
        }
        case FieldType::choices:
            add(check_boxes(field.key, label, typed.all(field.key),
                            choices_for(language, definition.info().key, field)),
                field);
            break;
        case FieldType::integer:
        case FieldType::decimal: add(number(field, label, value), field); break;
        case FieldType::boolean: add(check(field.key, label, value == "true"), field); break;
        case FieldType::date: add(input(field.key, label, value, "date"), field); break;
        case FieldType::person:
            add(select(field.key, label, value, flat(people_for(view, offered, place)), please_choose), field);
            break;
        case FieldType::people:
            add(check_boxes(field.key, label, typed.all(field.key), people_for(view, offered, place)), field);
            break;
        case FieldType::case_id:
            add(select(field.key, label, value, flat(cases_for(view, offered, place)), please_choose), field);
            break;
        case FieldType::cases:
            add(check_boxes(field.key, label, typed.all(field.key), cases_for(view, offered, place)), field);
            break;
        case FieldType::places:
            add(check_boxes(field.key, label, typed.all(field.key), places_for(view, offered, place)), field);
            break;
        case FieldType::document:
        case FieldType::documents: {
            const auto kept = typed.all(field.key);
            if (!kept.empty())
                list.push_back(check_boxes(field.key + "_kept", view.t("page.documents_kept", {{"field", label}}), kept,
                                           kept_documents(view, kept)));
            auto made = file(field.key, label, field.type == FieldType::documents);
            made["hint"] = file_hint(view);
            const bool is_there = field.required && !kept.empty();
            list.push_back(is_there ? made : field.required ? required(made) : optional(made));
            break;
        }
        }
    }
    for (auto& made : list) made["name"] = prefix + made["name"].get<std::string>();
    return list;
}

Typed what_stands(const engine::Definition& definition, const Json& facts, const std::string& command,
                  const engine::Fields& fields) {
    Typed typed;
    const auto put = [&](const std::string& key, const Json& value) {
        if (value.is_null()) return;
        if (!value.is_array()) {
            typed.values.emplace(key, value.is_string() ? value.get<std::string>() : value.dump());
            return;
        }
        for (const auto& item : value)
            typed.values.emplace(key, item.is_string() ? item.get<std::string>() : item.dump());
    };
    for (const auto& filled : definition.presentation().filled) {
        const Json::json_pointer from{std::string(filled.from)};
        if (filled.command != command || !facts.contains(from)) continue;
        const auto& stands = facts.at(from);
        if (!filled.field.empty())
            put(std::string(filled.field), stands);
        else if (stands.is_object())
            for (const auto& field : fields)
                if (const auto value = stands.find(field.key); value != stands.end()) put(field.key, *value);
    }
    return typed;
}

Typed proposed_dates(App& app, const engine::Definition& definition, const std::string& command) {
    Typed typed;
    for (const auto& proposed : definition.presentation().proposed) {
        const auto days = proposed.command == command ? app.rules.get(proposed.rule) : Json();
        auto date = engine::parse_date(app.today());
        if (!date || !days.is_object()) continue;
        for (const auto& [step, field] : proposed.steps) {
            const auto wait = days.find(std::string(step));
            if (wait == days.end() || !wait->is_number_integer()) break; // the later ones count from this one
            date = engine::add_days(*date, wait->get<int>());
            typed.values.emplace(field, engine::to_text(*date));
        }
    }
    return typed;
}

bool asks_for_files(const engine::Fields& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return is_documents(field.type); });
}

} // namespace cunmai::http::pages
