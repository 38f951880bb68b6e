// A case's history in words: timeline, stepper, receipt.
#include "adapters/http/pages/case/case_model.hpp"

#include <algorithm>

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

std::string value_text(const View& view, const engine::Field* field, const std::string& key, const Json& value,
                       const Names& names) {
    const auto& language = view.language();
    if (value.is_boolean()) return view.t(value.get<bool>() ? "page.yes" : "page.no");
    if (value.is_number()) return number_text(value);
    if (value.is_array()) {
        std::vector<std::string> parts;
        for (const auto& item : value) parts.push_back(value_text(view, field, key, item, names));
        return join(language, parts);
    }
    if (!value.is_string()) return "";
    const auto& text = value.get_ref<const std::string&>();
    if (field && (field->type == FieldType::person || field->type == FieldType::people)) return names.of(text);
    if (field && field->type == FieldType::places)
        if (const auto place = view.app.places.find(text)) return place->name;
    if (field && (field->type == FieldType::case_id || field->type == FieldType::cases))
        if (const auto other = view.app.cases.find(view.viewer(), {text})) return other->summary.title;
    for (const auto* family : {"purpose", "result", "colour"}) // words of the engine's own commands
        if (key == family && texts::has(view.language(), key + "." + text)) return view.t(key + "." + text);
    if (const auto choice = "choice." + key + "." + text; texts::has(language, choice))
        return texts::text(language, choice);
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
    for (const auto& field : fields_of(definition, event.command))
        if (field.type == FieldType::person || field.type == FieldType::people)
            if (const auto value = payload.find(field.key); value != payload.end()) names.want(*value);
}

namespace {

// What a prescription tells its village's case, in one line.
std::string prescription_text(const View& view, const Json& payload) {
    return view.t("page.label_value",
                  {{"label", payload.value("title", "")},
                   {"value", state_name(view.language(), "prescription", payload.value("state", ""))}});
}

// A vote by name is shown when the ballot is over, so that nobody votes after others.
bool still_sealed(const engine::CaseRow& row, const engine::Event& event) {
    const auto ballot = row.facts.find("ballot");
    return event.command == "cast_vote" && ballot != row.facts.end() && ballot->is_object() &&
           event.at.micros >= ballot->value("opened_at", std::int64_t{0});
}

// A long text and what of it waits behind a click: some lines are shown at once, cut at a line or a character.
std::pair<std::string, std::string> folded(const std::string& text) {
    constexpr int characters_shown = 300, lines_shown = 8;
    constexpr std::size_t bytes_spared = 200; // so little is shown at once
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
    if (event.command == "prescription_changed") return prescription_text(view, payload);
    const auto& fields = fields_of(definition, event.command);
    std::string text;
    const auto line = [&](const std::string& key, const engine::Field* field) {
        const auto value = payload.find(key);
        if (value == payload.end() || value->is_null() || (field && is_documents(field->type))) return;
        const auto shown = value_text(view, field, key, *value, names);
        if (!shown.empty())
            text += (text.empty() ? "" : "\n") +
                    view.t("page.label_value", {{"label", field_name(view.language(), key)}, {"value", shown}});
    };
    for (const auto& field : fields) line(field.key, &field);
    for (const auto& [key, value] : payload.items())
        if (!find_field(fields, key) && texts::has(view.language(), "field." + key)) line(key, nullptr);
    return text;
}

Json timeline(View& view, const engine::CaseRow& row, const std::vector<engine::Event>& events, std::size_t limit) {
    const auto* definition = view.app.registry.find(row.definition, row.definition_version);
    const auto first = events.size() > limit ? events.end() - static_cast<std::ptrdiff_t>(limit) : events.begin();
    Names names;
    for (auto event = first; event != events.end(); ++event) want_people(definition, *event, names);
    names.load(view.app.people, view.language());
    std::map<std::string, db::DocumentInfo> documents;
    for (auto& document : view.app.documents.of_case(row.id)) documents.emplace(document.sha256, document);

    auto list = Json::array();
    for (auto event = events.end(); event != first;) {
        --event;
        auto attached = Json::array();
        for (const auto& sha256 : documents_in(fields_of(definition, event->command), parsed(event->payload))) {
            const auto known = documents.find(sha256);
            attached.push_back(
                {{"href", "/documents/" + sha256},
                 {"file_name", known == documents.end() ? sha256.substr(0, 12) : known->second.name},
                 {"file_size", known == documents.end() ? "" : file_size(view.language(), known->second.size)}});
        }
        const auto [lead, rest] = folded(still_sealed(row, *event) ? view.t("page.ballot.sealed_vote")
                                                                   : payload_text(view, definition, *event, names));
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

struct Stay { // in one state, the last time
    std::int64_t times = 0;
    engine::Instant since;
    std::int64_t micros = 0;
};

// The states in the order of the ordinary way; others (declined, cancelled …) are branches of the step they left.
std::vector<std::string> main_line(const engine::DefinitionInfo& info) {
    static const std::map<std::string, std::vector<std::string>> ordered{
        {"village_lifecycle",
         {"self_check", "town_screening", "department_review", "committee_approval", "managed", "exit_review",
          "exit_approval", "follow_up", "graduated"}},
        {"prescription", {"drafted", "issued", "in_progress", "awaiting_check", "closed"}},
        {"committee_meeting", {"convened", "in_session", "closed"}},
    };
    if (const auto found = ordered.find(info.key); found != ordered.end()) return found->second;
    std::vector<std::string> states;
    for (const auto& state : info.states)
        if (!state.final) states.push_back(state.key);
    for (const auto& state : info.states)
        if (state.final) {
            states.push_back(state.key);
            break;
        }
    return states;
}

std::string days_text(const View& view, std::int64_t micros) {
    const auto days = micros / (86'400LL * 1'000'000);
    return view.t(days < 1 ? "page.less_than_a_day" : "page.days", {{"days", days}});
}

} // namespace

Json stepper(const View& view, const engine::Definition& definition, const engine::CaseRow& row,
             const std::vector<engine::Event>& events) {
    const auto line = main_line(definition.info());
    const auto& language = view.language();
    const auto position = [&](const std::string& state) {
        return std::find(line.begin(), line.end(), state) - line.begin();
    };
    std::map<std::string, Stay> stays;
    std::map<std::string, std::map<std::string, std::int64_t>> back; // from → to → times, against the main line
    std::string current, left_from;
    engine::Instant since;
    for (const auto& event : events) {
        if (event.from == event.to) continue;
        if (!current.empty()) stays[current].micros = event.at.micros - since.micros;
        auto& stay = stays[event.to];
        ++stay.times;
        stay.since = event.at;
        if (event.from != engine::not_opened && position(event.to) < position(event.from)) ++back[event.from][event.to];
        current = event.to;
        left_from = event.from;
        since = event.at;
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

Json receipt(View& view, const engine::CaseRow& row, const std::vector<engine::Event>& events, const std::string& seq) {
    const auto found =
        std::find_if(events.begin(), events.end(), [&](const auto& event) { return std::to_string(event.seq) == seq; });
    if (found == events.end() || found->actor != view.me()) return false;
    const auto next = found->from == found->to ? std::string() : "page.next." + found->to;
    return {{"receipt_title", view.t("page.receipt_title")},
            {"number", view.number(row.id) + "#" + seq},
            {"at", engine::to_iso(found->at)},
            {"at_text", view.local(found->at)},
            {"actor", view.request.who().person.name},
            {"what", command_name(view.language(), row.definition, found->command)},
            {"case_href", case_href(row)},
            {"case_text", row.summary.title},
            {"event_hash", found->hash},
            {"next_text", texts::has(view.language(), next) ? Json(view.t(next)) : Json(false)}};
}

} // namespace cunmai::http::pages
