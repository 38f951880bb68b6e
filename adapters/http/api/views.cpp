#include "adapters/http/api/views.hpp"

#include "adapters/words/names.hpp"
#include "adapters/words/texts.hpp"
#include "engine/fingerprint.hpp"

namespace cunmai::http::api {

namespace {

Json parsed(const std::string& text) {
    auto json = Json::parse(text, nullptr, false);
    return json.is_discarded() ? Json(text) : json; // text of a damaged record is shown as it is
}

std::string type_name(engine::FieldType type) {
    using enum engine::FieldType;
    switch (type) {
    case line: return "line";
    case engine::FieldType::text: return "text";
    case choice: return "choice";
    case choices: return "choices";
    case integer: return "integer";
    case decimal: return "decimal";
    case boolean: return "boolean";
    case engine::FieldType::date: return "date";
    case person: return "person";
    case people: return "people";
    case case_id: return "case_id";
    case cases: return "cases";
    case places: return "places";
    case document: return "document";
    case documents: return "documents";
    }
    return "line";
}

Json field_schema(const engine::Field& field) {
    using enum engine::FieldType;
    constexpr std::size_t list_length_max = 200; // as in engine/payload.cpp
    const auto length = [&](std::size_t otherwise) {
        return field.length_max ? static_cast<std::size_t>(field.length_max) : otherwise;
    };
    const auto several = [&](Json items) {
        auto schema = list_of(std::move(items), list_length_max);
        if (field.required) schema["minItems"] = 1;
        return schema;
    };
    const auto ranged = [&](Json schema) {
        if (field.max > field.min) {
            schema["minimum"] = field.min;
            schema["maximum"] = field.max;
        }
        return schema;
    };
    const auto name = field.required ? said(64) : api::text(64);
    switch (field.type) {
    case line: return field.required ? said(length(200)) : api::text(length(200));
    case engine::FieldType::text: {
        auto schema = prose(length(4000));
        if (!field.required) {
            schema["pattern"] = lines;
            schema.erase("minLength");
        }
        return schema;
    }
    case person:
    case case_id: return name;
    case people:
    case cases: return several(name);
    case places: return several(like(code_pattern));
    case choice: return one_of(field.choices);
    case choices: return several(one_of(field.choices));
    case integer: return ranged({{"type", "integer"}});
    case decimal: return ranged({{"type", "number"}});
    case boolean: return flag();
    case engine::FieldType::date: return api::date();
    case document: return like(sha256_pattern);
    case documents: return several(like(sha256_pattern));
    }
    return anything();
}

Json nullable_number(double value, bool given) { return given ? Json(value) : Json(); }

} // namespace

std::string label(const std::string& language, const std::string& prefix, const std::string& key) {
    const auto whole = prefix + "." + key;
    return texts::has(language, whole) ? texts::text(language, whole) : key;
}

Json name_of(const std::map<std::string, std::string>& names, const std::string& id) {
    const auto found = names.find(id);
    return found == names.end() ? Json() : Json(found->second);
}

Json view(const engine::Place& place) {
    return {{"code", place.code},
            {"name", place.name},
            {"level", place.level},
            {"parent", or_null_text(place.parent)},
            {"path", place.path}};
}

Json view(const engine::CaseRow& row, const std::string& number) {
    return {{"id", row.id.text},
            {"number", number},
            {"definition", row.definition},
            {"definition_version", row.definition_version},
            {"state", row.state},
            {"version", row.version},
            {"final", row.final},
            {"place", view(row.place)},
            {"parent", or_null_text(row.parent.text)},
            {"round", or_null_text(row.batch)},
            {"title", row.summary.title},
            {"category", or_null_text(row.summary.category)},
            {"due_on", or_null_text(row.summary.due_on)},
            {"colour", or_null_text(row.summary.colour)},
            {"opened_at", engine::to_iso(row.opened_at)},
            {"updated_at", engine::to_iso(row.updated_at)}};
}

Json detail(const engine::CaseRow& row, const std::string& number) {
    auto json = view(row, number);
    json["facts"] = row.facts;
    json["head_hash"] = row.head_hash;
    return json;
}

Json view(const engine::Outcome& outcome) {
    return {{"case_id", outcome.case_id.text},
            {"state", outcome.state},
            {"version", outcome.version},
            {"created", or_null_text(outcome.created.text)},
            {"replayed", outcome.replayed}};
}

Json view(const db::GrantRow& grant) {
    return {{"id", grant.id},
            {"person", grant.person.text},
            {"role", grant.role},
            {"qualifier", or_null_text(grant.qualifier)},
            {"place_code", grant.place_code},
            {"place_name", grant.place_name}};
}

Json view(const db::DocumentInfo& document) {
    return {{"sha256", document.sha256},          {"name", document.name},
            {"media_type", document.media_type},  {"size", document.size},
            {"added_by", document.added_by.text}, {"added_at", engine::to_iso(document.added_at)}};
}

Json view(const db::WorkItem& item) {
    return {{"case_id", item.case_id.text},
            {"definition", item.definition},
            {"state", item.state},
            {"command", or_null_text(item.command)},
            {"role", or_null_text(item.role)},
            {"qualifier", or_null_text(item.qualifier)},
            {"person", or_null_text(item.person.text)},
            {"claimed_by", or_null_text(item.claimed_by.text)},
            {"on_behalf_of", or_null_text(item.on_behalf_of.text)},
            {"title", item.title},
            {"category", or_null_text(item.category)},
            {"colour", or_null_text(item.colour)},
            {"due_on", or_null_text(item.due_on)},
            {"place_code", item.place_code},
            {"place_name", item.place_name},
            {"case_version", item.case_version},
            {"since", engine::to_iso(item.since)}};
}

Json view(const db::WorkCounts& counts) {
    return {{"todo", counts.todo},       {"due_in_3_days", counts.due_in_3_days},
            {"overdue", counts.overdue}, {"claimed", counts.claimed},
            {"done", counts.done},       {"started", counts.started}};
}

Json view(const ReadableEvent& event, const std::map<std::string, std::string>& names) {
    const bool is_whole = event.withheld.empty(); // otherwise its bytes are not the ones that were hashed
    return {{"seq", event.seq},
            {"at", engine::to_iso(event.at)},
            {"at_micros", event.at.micros},
            {"actor", event.actor.text},
            {"actor_name", name_of(names, event.actor.text)},
            {"on_behalf_of", or_null_text(event.on_behalf_of.text)},
            {"on_behalf_of_name", name_of(names, event.on_behalf_of.text)},
            {"definition", event.definition},
            {"definition_version", event.definition_version},
            {"command", event.command},
            {"from", event.from},
            {"to", event.to},
            {"payload", parsed(event.payload)},
            {"context", parsed(event.context)},
            {"changes", parsed(event.changes)},
            {"request_id", is_whole ? Json(event.request_id) : Json()},
            {"previous_hash", event.previous_hash},
            {"hash", event.hash},
            {"record", is_whole ? Json(to_base64(engine::bytes_of(event))) : Json()},
            {"withheld", or_null_text(event.withheld)}};
}

Json view(const db::DelegationRow& row, const std::map<std::string, std::string>& names) {
    const auto& one = row.delegation;
    return {{"id", row.id},
            {"principal", one.principal.text},
            {"principal_name", name_of(names, one.principal.text)},
            {"delegate", one.delegate.text},
            {"delegate_name", name_of(names, one.delegate.text)},
            {"role", one.role},
            {"from", engine::to_iso(one.from)},
            {"until", engine::to_iso(one.until)},
            {"reason", row.reason}};
}

Json view(const engine::Field& field, const std::string& language) {
    auto choices = Json::array();
    for (const auto& choice : field.choices)
        choices.push_back({{"key", choice}, {"label", label(language, "choice." + field.key, choice)}});
    const bool ranged = field.max > field.min;
    const bool is_text = field.type == engine::FieldType::line || field.type == engine::FieldType::text;
    const int length_max = field.length_max ? field.length_max : field.type == engine::FieldType::line ? 200 : 4000;
    return {{"key", field.key},
            {"label", label(language, "field", field.key)},
            {"type", type_name(field.type)},
            {"required", field.required},
            {"choices", std::move(choices)},
            {"length_max", is_text ? Json(length_max) : Json()},
            {"min", nullable_number(field.min, ranged)},
            {"max", nullable_number(field.max, ranged)}};
}

Json view(const engine::Offer& offer, const std::string& definition, const std::string& language) {
    auto fields = Json::array();
    for (const auto& field : offer.info->fields) fields.push_back(view(field, language));
    return {{"command", offer.command},
            {"label", words::command_name(language, definition, offer.command)},
            {"allowed", offer.allowed},
            {"by_role", offer.by_role},
            {"personal", offer.info->personal},
            {"opens_child", offer.info->opens_child},
            {"who", offer.who},
            {"missing", reasons(offer.missing, language)},
            {"fields", std::move(fields)}};
}

Json reasons(const engine::Refusal& refusal, const std::string& language) {
    auto list = Json::array();
    for (const auto& reason : refusal.reasons()) {
        Json item{{"code", reason.code}, {"facts", reason.facts}, {"detail", texts::sentence(language, reason)}};
        if (!reason.field.empty()) item["field"] = reason.field;
        list.push_back(std::move(item));
    }
    return list;
}

Json reasons(const Json& stored, const std::string& language) {
    engine::Refusal refusal;
    if (stored.is_array())
        for (const auto& item : stored)
            refusal.add_for(item.value("field", ""), item.value("code", ""), item.value("facts", Json::object()));
    return reasons(refusal, language);
}

Json payload_schema(const engine::Fields& fields) {
    Json properties = Json::object();
    std::vector<std::string> optional;
    for (const auto& field : fields) {
        properties[field.key] = field.required ? field_schema(field) : or_null(field_schema(field));
        if (!field.required) optional.push_back(field.key);
    }
    return object(std::move(properties), optional);
}

} // namespace cunmai::http::api
