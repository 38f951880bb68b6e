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

// Who is offered for a person's field. A field that is not named here offers everybody who acts over the place.
const std::map<std::string, std::vector<std::string>, std::less<>>& roles_for_field() {
    static const std::map<std::string, std::vector<std::string>, std::less<>> roles{
        {"commander", {"district_commander"}},
        {"supervisor", {"town_supervisor"}},
        {"coordinator", {"village_coordinator"}},
        {"person", {"district_commander", "town_supervisor", "village_coordinator"}},
        {"responsible_person", {"village_officer", "town_officer"}},
        {"chair", {"committee_chair", "committee_member"}},
        {"present", {"committee_chair", "committee_member"}},
        {"members", {"committee_chair", "committee_member"}},
        {"attendance", {"committee_chair", "committee_member"}},
        {"attendees", {"committee_chair", "committee_member"}},
    };
    return roles;
}

std::vector<Option> people_for(View& view, const std::string& field, const engine::Place& place) {
    std::vector<std::string> roles;
    if (const auto found = roles_for_field().find(field); found != roles_for_field().end())
        roles = found->second;
    else
        for (const auto& role : view.app.roles.all())
            if (role.kind == engine::RoleInfo::Kind::acts) roles.push_back(role.key);

    std::vector<std::pair<std::string, std::string>> held; // person, what they hold
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

// Which cases a field of cases offers.
std::vector<Option> cases_for(View& view, const std::string& field, const engine::Place& place) {
    db::CaseFilter filter;
    filter.open_only = true;
    filter.limit = 100;
    std::vector<std::string> states;
    if (field == "meeting") {
        filter.definition = "committee_meeting";
    } else {
        filter.definition = "village_lifecycle";
        filter.place_code = place.code;
        states = {"committee_approval", "exit_approval"};
    }
    if (states.empty()) states = {""};
    std::vector<Option> options;
    for (const auto& state : states) {
        filter.state = state;
        for (const auto& row : view.app.cases.list(view.viewer(), filter).rows)
            options.push_back({row.id.text, row.summary.title, state_name(view.language(), row.definition, row.state)});
    }
    return options;
}

// The towns of a district, with how many of their villages have no open case.
std::vector<Option> places_for(View& view, const engine::Place& place) {
    std::map<std::string, db::Openings> openings;
    for (auto& one : db::openings_by_town(view.app.database, {place.path}, "village_lifecycle"))
        openings[one.town] = one;
    std::vector<Option> options;
    for (const auto& child : view.app.places.children(place.code)) {
        const auto& town = openings[child.code];
        options.push_back(
            {child.code, child.name,
             view.t("page.rounds.can_open", {{"count", town.villages - town.in_hand}, {"in_hand", town.in_hand}})});
    }
    return options;
}

std::vector<Option> choices_for(const std::string& language, const Field& field) {
    std::vector<Option> options;
    for (const auto& choice : field.choices) {
        const auto note = "choice." + field.key + "." + choice + ".hint";
        options.push_back({choice, choice_name(language, field.key, choice),
                           texts::has(language, note) ? texts::text(language, note) : ""});
    }
    return options;
}

// A select shows no notes: what a person holds goes behind the name.
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
        if (const auto info = api::readable(view.app, view.request.who(), sha256))
            options.push_back({sha256, info->name, file_size(view.language(), info->size)});
    return options;
}

bool is_documents(FieldType type) { return type == FieldType::document || type == FieldType::documents; }

// What is no number is refused as wrong_type, with what was typed kept.
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

Form read_form(App& app, const Request& request, const engine::Fields& fields) {
    Form form;
    for (const auto& field : fields) {
        const auto name = is_documents(field.type) ? field.key + "_kept" : field.key;
        for (const auto& value : form_values(request, name)) form.typed.values.emplace(field.key, value);
    }
    for (const auto& upload : request.uploads()) {
        const auto field =
            std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.key == upload.field; });
        if (field == fields.end() || !is_documents(field->type) || (upload.name.empty() && upload.size == 0)) continue;
        const auto stored = store_upload(app, request.who().person.id, upload.content_file, upload.name);
        for (const auto& reason : stored.refusal.reasons()) form.refusal.add_for(field->key, reason.code, reason.facts);
        if (!stored.refusal.empty()) continue;
        if (field->type == FieldType::document) form.typed.values.erase(field->key); // the new one stands
        form.typed.values.emplace(field->key, stored.info.sha256);
    }
    for (const auto& field : fields) put(form.payload, field, form.typed);
    return form;
}

Json inputs_for(View& view, const engine::Fields& fields, const Typed& typed, const engine::Place& place) {
    auto list = Json::array();
    const auto& language = view.language();
    const auto add = [&](Json made, const Field& field) {
        made["required"] = field.required;
        if (const auto hint = "field." + field.key + ".hint"; texts::has(language, hint))
            made["hint"] = texts::text(language, hint);
        list.push_back(std::move(made));
    };
    const auto please_choose = view.t("page.please_choose");
    for (const auto& field : fields) {
        const auto label = field_name(language, field.key);
        const auto value = typed.one(field.key);
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
            const auto options = choices_for(language, field);
            const bool has_to_be_given =
                field.required || field.key == "choice"; // a vote's choice is optional only when sealed
            if (options.size() > 6 || !has_to_be_given)
                add(select(field.key, label, value, options, please_choose), field);
            else {
                add(radios(field.key, label, value, options), field);
                list.back()["required"] = true;
            }
            break;
        }
        case FieldType::choices:
            add(check_boxes(field.key, label, typed.all(field.key), choices_for(language, field)), field);
            break;
        case FieldType::integer:
        case FieldType::decimal: add(number(field, label, value), field); break;
        case FieldType::boolean: add(check(field.key, label, value == "true"), field); break;
        case FieldType::date: add(input(field.key, label, value, "date"), field); break;
        case FieldType::person:
            add(select(field.key, label, value, flat(people_for(view, field.key, place)), please_choose), field);
            break;
        case FieldType::people:
            add(check_boxes(field.key, label, typed.all(field.key), people_for(view, field.key, place)), field);
            break;
        case FieldType::case_id:
            add(select(field.key, label, value, flat(cases_for(view, field.key, place)), please_choose), field);
            break;
        case FieldType::cases:
            add(check_boxes(field.key, label, typed.all(field.key), cases_for(view, field.key, place)), field);
            break;
        case FieldType::places:
            add(check_boxes(field.key, label, typed.all(field.key), places_for(view, place)), field);
            break;
        case FieldType::document:
        case FieldType::documents: {
            const auto kept = typed.all(field.key);
            if (!kept.empty()) {
                auto boxes = check_boxes(field.key + "_kept", view.t("page.documents_kept", {{"field", label}}), kept,
                                         kept_documents(view, kept));
                boxes["required"] = true; // no "optional" mark: they are there
                list.push_back(std::move(boxes));
            }
            auto made = file(field.key, label, field.type == FieldType::documents);
            made["hint"] = file_hint(view);
            made["required"] = field.required && kept.empty();
            list.push_back(std::move(made));
            break;
        }
        }
    }
    return list;
}

bool asks_for_files(const engine::Fields& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return is_documents(field.type); });
}

} // namespace cunmai::http::pages
