// A case's history in words: timeline, stepper, receipt.
#include "adapters/http/pages/case/ballots.hpp"
#include "adapters/http/pages/case/case_model.hpp"

#include <algorithm>
#include <charconv>

namespace cunmai::http::pages {

namespace {

using engine::FieldType;

Json parsed(const std::string& text) {
    auto value = Json::parse(text, nullptr, false);
    return value.is_object() ? value : Json::object();
}

const engine::Fields& fields_of(const engine::Definition* definition, const std::string& command) {
    static const engine::Fields none;
    const auto* info = definition ? definition->info().command(command) : nullptr;
    return info ? info->fields : none;
}

bool is_documents(FieldType type) { return type == FieldType::document || type == FieldType::documents; }

std::string number_text(const Json& value) {
    if (value.is_number_float()) {
        auto text = value.dump();
        if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0) text.resize(text.size() - 2);
        return text;
    }
    return value.dump();
}

std::string value_text(const View& view, const std::string& definition, const engine::Field* field,
                       const std::string& key, const Json& value, const Names& names) {
    const auto& language = view.language();
    if (value.is_boolean()) return view.t(value.get<bool>() ? "page.yes" : "page.no");
    if (value.is_number()) return number_text(value);
    if (value.is_array()) {
        std::vector<std::string> parts;
        for (const auto& item : value) parts.push_back(value_text(view, definition, field, key, item, names));
        return join(language, parts);
    }
    if (!value.is_string()) return "";
    const auto& text = value.get_ref<const std::string&>();
    if (field && (field->type == FieldType::person || field->type == FieldType::people)) return names.of(text);
    if (field && field->type == FieldType::places)
        if (const auto place = view.app.places.find(text)) return place->name;
    if (field && (field->type == FieldType::case_id || field->type == FieldType::cases))
        if (const auto other = view.reading().find({text})) return case_title(view, *other);
    for (const auto* family : {"purpose", "result", "colour"}) // words of the engine's own commands
        if (key == family && texts::has(view.language(), key + "." + text)) return view.t(key + "." + text);
    for (const auto& choice : {"choice." + definition + "." + key + "." + text, "choice." + key + "." + text})
        if (texts::has(language, choice)) return texts::text(language, choice);
    return text;
}

const engine::Field* find_field(const engine::Fields& fields, const std::string& key) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const engine::Field& field) { return field.key == key; });
    return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> documents_in(const engine::Fields& fields, const Json& payload) {
    std::vector<std::string> list;
    for (const auto& field : fields) {
        const auto value = payload.find(field.key);
        if (!is_documents(field.type) || value == payload.end()) continue;
        if (value->is_string())
            list.push_back(value->get<std::string>());
        else if (value->is_array())
            for (const auto& item : *value)
                if (item.is_string()) list.push_back(item.get<std::string>());
    }
    return list;
}

} // namespace

void want_people(const engine::Definition* definition, const engine::Event& event, Names& names) {
    names.want(event.actor.text);
    names.want(event.on_behalf_of.text);
    const auto payload = parsed(event.payload);
    if (const auto rows = definition ? definition->told(event.command, payload) : std::nullopt) want(*rows, names);
    for (const auto& field : fields_of(definition, event.command))
        if (field.type == FieldType::person || field.type == FieldType::people)
            if (const auto value = payload.find(field.key); value != payload.end()) names.want(*value);
}

namespace {

// What the workflow itself says of the event, in lines; nothing when it leaves that to the fields.
std::optional<std::string> told(const View& view, const engine::Definition* definition, const std::string& command,
                                const Json& payload, const Names& names) {
    const auto rows = definition ? definition->told(command, payload) : std::nullopt;
    if (!rows) return std::nullopt;
    std::string text;
    for (const auto& row : *rows)
        text += (text.empty() ? "" : "\n") + view.t("page.label_value", {{"label", say(view, row.label, names)},
                                                                         {"value", say(view, row.value, names)}});
    return text;
}

// A long text and what of it waits behind a click: some lines are shown at once, cut at a line or a character.
std::pair<std::string, std::string> folded(const std::string& text) {
    constexpr int characters_shown = 300, lines_shown = 8;
    constexpr std::size_t bytes_spared = 200; // a shorter rest is not worth folding
    int characters = 0, lines_seen = 0;
    std::size_t at = 0, line_end = 0;
    for (; at < text.size() && characters < characters_shown && lines_seen < lines_shown; ++at) {
        if ((text[at] & 0xC0) != 0x80) ++characters;
        if (text[at] == '\n') {
            ++lines_seen;
            line_end = at;
        }
    }
    while (at < text.size() && (text[at] & 0xC0) == 0x80) ++at;
    if (text.size() - at < bytes_spared) return {text, ""};
    if (lines_seen == lines_shown) return {text.substr(0, line_end), text.substr(line_end + 1)};
    return {text.substr(0, at), text.substr(at)};
}

} // namespace

std::string payload_text(const View& view, const engine::Definition* definition, const engine::Event& event,
                         const Names& names) {
    const auto payload = parsed(event.payload);
    if (auto text = told(view, definition, event.command, payload, names)) return *text;
    const auto& fields = fields_of(definition, event.command);
    std::string text;
    const auto line = [&](const std::string& key, const engine::Field* field) {
        const auto value = payload.find(key);
        if (value == payload.end() || value->is_null() || (field && is_documents(field->type))) return;
        const auto shown = value_text(view, event.definition, field, key, *value, names);
        if (!shown.empty())
            text += (text.empty() ? "" : "\n") +
                    view.t("page.label_value",
                           {{"label", field_name(view.language(), key, event.definition)}, {"value", shown}});
    };
    for (const auto& field : fields) line(field.key, &field);
    for (const auto& [key, value] : payload.items())
        if (!find_field(fields, key) && texts::has(view.language(), "field." + key)) line(key, nullptr);
    return text;
}

namespace {

std::string event_text(const View& view, const engine::Definition* definition, const ReadableEvent& event,
                       const Names& names) {
    const auto text = payload_text(view, definition, event, names);
    if (event.withheld.empty()) return text;
    return text + (text.empty() ? "" : "\n") + view.t("withheld." + event.withheld);
}

} // namespace

Json timeline(View& view, const engine::CaseRow& row, const std::vector<ReadableEvent>& events, std::size_t limit) {
    const auto definition_of = [&](const engine::Event& event) { // the version that the event was written under
        return view.app.registry.find(event.definition, event.definition_version);
    };
    const auto first = events.size() > limit ? events.end() - static_cast<std::ptrdiff_t>(limit) : events.begin();
    Names names;
    for (auto event = first; event != events.end(); ++event) want_people(definition_of(*event), *event, names);
    names.load(view.app.people, view.language());
    std::map<std::string, db::DocumentInfo> documents;
    for (auto& document : view.reading().documents(row.id)) documents.emplace(document.sha256, document);

    auto list = Json::array();
    for (auto event = events.end(); event != first;) {
        --event;
        auto attached = Json::array();
        for (const auto& sha256 :
             documents_in(fields_of(definition_of(*event), event->command), parsed(event->payload))) {
            const auto known = documents.find(sha256);
            attached.push_back(
                {{"href", "/documents/" + sha256},
                 {"file_name", known == documents.end() ? sha256.substr(0, 12) : known->second.name},
                 {"file_size", known == documents.end() ? "" : file_size(view.language(), known->second.size)}});
        }
        const auto [lead, rest] = folded(event_text(view, definition_of(*event), *event, names));
        const bool moved = event->from != event->to && event->from != engine::not_opened;
        list.push_back(
            {{"seq", std::to_string(event->seq)},
             {"at", engine::to_iso(event->at)},
             {"at_text", view.local(event->at)},
             {"what", command_name(view.language(), event->definition, event->command)},
             {"actor", names.of(event->actor.text)},
             {"on_behalf_of", event->on_behalf_of.empty() ? Json(false) : Json(names.of(event->on_behalf_of.text))},
             {"from_text", moved ? Json(state_name(view.language(), event->definition, event->from)) : Json(false)},
             {"to_text", state_name(view.language(), event->definition, event->to)},
             {"event_text", or_false(lead)},
             {"event_rest", or_false(rest)},
             {"has_files", !attached.empty()},
             {"files", attached},
             {"record_href", "/cases/" + row.id.text + "/record?upto=" + std::to_string(event->seq) + "#event-" +
                                 std::to_string(event->seq)}});
    }
    return list;
}

namespace {

struct Stay { // how often a case was in a state, and since when and how long the last time
    std::int64_t times = 0;
    engine::Instant since;
    std::int64_t micros = 0;
};

std::string days_text(const View& view, std::int64_t micros) {
    const auto days = micros / (86'400LL * 1'000'000);
    return view.t(days < 1 ? "page.less_than_a_day" : "page.days", {{"days", days}});
}

} // namespace

Json stepper(const View& view, const engine::Definition& definition, const engine::CaseRow& row,
             const std::vector<db::Move>& moves) {
    const auto keys = engine::main_line_of(definition);
    const std::vector<std::string> line(keys.begin(), keys.end());
    const auto& language = view.language();
    const auto position = [&](const std::string& state) {
        return std::find(line.begin(), line.end(), state) - line.begin();
    };
    std::map<std::string, Stay> stays;
    std::map<std::string, std::map<std::string, std::int64_t>> back; // from → to → how often the case went back
    std::string current, left_from;
    engine::Instant since;
    for (const auto& move : moves) {
        if (!current.empty()) stays[current].micros = move.at.micros - since.micros;
        auto& stay = stays[move.to];
        ++stay.times;
        stay.since = move.at;
        if (move.from != engine::not_opened && position(move.to) < position(move.from)) ++back[move.from][move.to];
        current = move.to;
        left_from = move.from;
        since = move.at;
    }
    if (!current.empty() && !row.final) stays[current].micros = view.app.clock.now().micros - since.micros;

    const bool ended_aside = position(row.state) == static_cast<std::ptrdiff_t>(line.size());
    auto steps = Json::array();
    for (const auto& state : line) {
        const auto stay = stays.find(state);
        const bool visited = stay != stays.end();
        const bool is_current = state == row.state;
        const bool is_before = !ended_aside && position(state) < position(row.state);
        const bool is_past = !is_current && visited && (ended_aside || is_before);
        auto branches = Json::array();
        if (const auto returned = back.find(state); returned != back.end())
            for (const auto& [to, times] : returned->second)
                branches.push_back(
                    {{"branch_text", view.t("page.returned_to",
                                            {{"state", state_name(language, row.definition, to)}, {"times", times}})}});
        if (ended_aside && left_from == state)
            branches.push_back(
                {{"branch_text", view.t("page.ended_as", {{"state", state_name(language, row.definition, row.state)},
                                                          {"date", view.local_day(since)}})}});
        std::string note;
        if (visited) {
            note = view.local_day(stay->second.since);
            if (!(is_current && row.final)) note += " · " + days_text(view, stay->second.micros);
            if (stay->second.times > 1) note += " · " + view.t("page.nth_time", {{"times", stay->second.times}});
        } else if (is_before) {
            note = view.t("page.passed_over");
        }
        steps.push_back({{"step_text", state_name(language, row.definition, state)},
                         {"is_past", is_past},
                         {"is_current", is_current},
                         {"is_future", !is_past && !is_current},
                         {"step_note", or_false(note)},
                         {"branches", branches}});
    }
    return steps;
}

Json receipt(View& view, const engine::CaseRow& row, const std::string& seq) {
    std::int64_t number = 0;
    std::from_chars(seq.data(), seq.data() + seq.size(), number);
    if (number < 1 || std::to_string(number) != seq) return false;
    const auto events = view.reading().history(row.id, number - 1, 1).events;
    if (events.empty() || events.front().seq != number || events.front().actor != view.me()) return false;
    const auto* found = &events.front();
    const auto next = found->from == found->to ? std::string() : "page.next." + found->to;
    return {{"receipt_title", view.t("page.receipt_title")},
            {"number", view.number(row.id) + "#" + seq},
            {"at", engine::to_iso(found->at)},
            {"at_text", view.local(found->at)},
            {"actor", view.request.who().person.name},
            {"what", command_name(view.language(), row.definition, found->command)},
            {"case_href", case_href(view.app, row)},
            {"case_text", case_title(view, row)},
            {"event_hash", found->hash},
            {"next_text", texts::has(view.language(), next) ? Json(view.t(next)) : Json(false)}};
}

} // namespace cunmai::http::pages
