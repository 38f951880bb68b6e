#include "adapters/http/pages/shown.hpp"

#include "adapters/http/pages/special_pages.hpp"
#include "adapters/services/linking.hpp"

#include <algorithm>

namespace cunmai::http::pages {

using engine::Shown;

const engine::Definition* definition_of(const App& app, const engine::CaseRow& row) {
    return app.registry.find(row.definition, row.definition_version);
}

engine::CaseView view_of(const engine::CaseRow& row) { return {row.id, row.place, row.state, row.facts}; }

std::string case_title(const View& view, const std::string& definition, const std::string& title,
                       const std::string& place) {
    if (!title.empty()) return title;
    return definition_name(view.language(), definition) + (place.empty() ? "" : " · " + place);
}

std::string state_tone(const App& app, const std::string& definition, std::string_view state, bool final) {
    const auto* shown = app.registry.newest(definition);
    switch (shown ? tone_of(*shown, state) : engine::Tone::plain) {
    case engine::Tone::waiting: return "waiting";
    case engine::Tone::done: return "done";
    case engine::Tone::plain: break;
    }
    return final ? "neutral" : "info";
}

// ---- addresses --------------------------------------------------------------------------------------------------

std::string case_href(const App& app, const std::string& definition, const std::string& case_id) {
    const auto* shown = app.registry.newest(definition);
    const auto page = shown ? shown->presentation().case_page : std::string_view{};
    return page.empty() ? "/cases/" + case_id : special_page(page, case_id);
}

std::string command_href(const App& app, const std::string& definition, std::string_view state,
                         const std::string& case_id, const std::string& command) {
    if (const auto* shown = app.registry.newest(definition)) {
        if (const auto page = page_of_command(*shown, command); !page.empty()) return special_page(page, case_id);
        if (const auto* question = question_of(*shown, state, command))
            return "/cases/" + case_id + "/decide/" + std::string(question->key);
    }
    return "/cases/" + case_id + "/do/" + command;
}

std::string task_name(const View& view, const std::string& definition, std::string_view state,
                      const std::string& command) {
    const auto* shown = view.app.registry.newest(definition);
    const auto* question = shown ? question_of(*shown, state, command) : nullptr;
    return question ? question_name(view, definition, *question) : command_name(view.language(), definition, command);
}

std::string question_name(const View& view, const std::string& definition, const engine::Question& question) {
    return view.t("decision." + definition + "." + std::string(question.key));
}

std::string list_href(const App& app, std::string_view definition) {
    const auto* shown = app.registry.newest(definition);
    const auto page = shown ? shown->presentation().list_page : std::string_view{};
    return page.empty() ? "/cases?definition=" + encode(definition) : special_page(page);
}

std::string list_title(const View& view, const engine::Definition& definition) {
    const auto title = definition.presentation().list_title;
    return title.empty() ? definition_name(view.language(), definition.info().key) : view.t(title);
}

std::string opening_href(const engine::Definition& definition) {
    const auto page = definition.presentation().opening_page;
    return page.empty() ? "/open/" + definition.info().key : special_page(page);
}

std::string href_of(const App& app, const engine::CaseRow& row, const engine::Link& link) {
    if (!link.page.empty()) return special_page(link.page, row.id.text);
    if (!link.case_id.empty()) {
        const auto found = app.registry.newest(link.definition);
        return found ? case_href(app, link.definition, link.case_id) : "/cases/" + link.case_id;
    }
    if (link.definition.empty()) return "";
    auto href = list_href(app, link.definition);
    for (const auto& [key, value] : link.filters) href = with_word(href, key + "=" + encode(value));
    return link.here ? with_word(href, "place=" + encode(row.place.code)) : href;
}

Json ways_to_open(const View& view) {
    auto ways = Json::array();
    for (const auto* definition : view.app.registry.current()) {
        const auto& info = definition->info();
        const bool opens = std::any_of(info.rows.begin(), info.rows.end(), [&](const engine::RowInfo& row) {
            return row.from == engine::not_opened &&
                   std::any_of(row.who.begin(), row.who.end(),
                               [&](const std::string& role) { return view.viewer().has_role(role); });
        });
        if (!opens) continue;
        const auto text = definition->presentation().opening_text;
        ways.push_back({{"href", opening_href(*definition)},
                        {"opening", text.empty() ? view.t("page.open.title",
                                                          {{"definition", definition_name(view.language(), info.key)}})
                                                 : view.t(text)}});
    }
    return ways;
}

// ---- values -----------------------------------------------------------------------------------------------------

namespace {

// 123456 fen: "1,234.56"
std::string money(const Json& fen) {
    if (!fen.is_number_integer()) return fen.is_string() ? fen.get<std::string>() : "";
    const auto amount = fen.get<std::int64_t>();
    const auto magnitude = amount < 0 ? 0 - static_cast<std::uint64_t>(amount) : static_cast<std::uint64_t>(amount);
    auto yuan = std::to_string(magnitude / 100);
    for (auto at = static_cast<std::ptrdiff_t>(yuan.size()) - 3; at > 0; at -= 3)
        yuan.insert(static_cast<std::size_t>(at), ",");
    const auto rest = std::to_string(magnitude % 100);
    return (amount < 0 ? "-" : "") + yuan + "." + (rest.size() == 1 ? "0" : "") + rest;
}

std::string plain(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_number()) return "";
    auto text = value.dump();
    if (value.is_number_float() && text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0)
        text.resize(text.size() - 2);
    return text;
}

std::string sentence(const View& view, const Shown& shown, const Names& names, std::string_view definition) {
    auto facts = Json::object();
    for (const auto& [name, part] : shown.parts) facts[name] = say(view, part, names, definition);
    return view.t(shown.of, facts);
}

std::string listed(const View& view, const Shown& shown, const Names& names, std::string_view definition) {
    std::vector<std::string> said;
    for (const auto& [name, part] : shown.parts)
        if (auto text = say(view, part, names, definition); !text.empty()) said.push_back(std::move(text));
    return join(view.language(), said);
}

std::string document_name(const View& view, const std::string& sha256) {
    const auto info = documents::readable(view.app, view.viewer(), sha256);
    return info ? info->name : sha256.substr(0, 12);
}

std::string title_of_case(const View& view, const std::string& id) {
    const auto row = view.reading().find({id});
    return row ? case_title(view, *row) : "";
}

// Values that have an address of their own.
std::string href_of(const View& view, const Shown& value) {
    if (!value.value.is_string()) return "";
    const auto text = value.value.get<std::string>();
    if (value.kind == Shown::Kind::document) return "/documents/" + text;
    if (value.kind != Shown::Kind::case_link) return "";
    const auto row = view.reading().find({text});
    return row ? case_href(view.app, *row) : "";
}

bool has_address(const Shown& value) {
    return value.kind == Shown::Kind::document || value.kind == Shown::Kind::case_link;
}

} // namespace

Sections sections_of(const View& view, const engine::CaseRow& row) {
    const auto* definition = definition_of(view.app, row);
    if (!definition) return {};
    return definition->sections(view_of(row), [&](std::string_view key) { return view.app.rules.get(key); });
}

void want(const Shown& shown, Names& names) {
    if (shown.kind == Shown::Kind::person) names.want(shown.value);
    for (const auto& [name, part] : shown.parts) want(part, names);
}

void want(const std::vector<engine::ShownRow>& rows, Names& names) {
    for (const auto& row : rows) {
        want(row.label, names);
        want(row.value, names);
    }
}

void want(const Sections& sections, Names& names) {
    for (const auto& section : sections) want(section.rows, names);
}

std::string say(const View& view, const Shown& shown, const Names& names, std::string_view definition) {
    using Kind = Shown::Kind;
    if (shown.empty()) return "";
    const auto& language = view.language();
    const auto text = plain(shown.value);
    switch (shown.kind) {
    case Kind::text:
    case Kind::number: return text;
    case Kind::percent: return text + "%";
    case Kind::money: return view.t("page.money", {{"amount", money(shown.value)}});
    case Kind::date: return date_text(text);
    case Kind::instant:
        return shown.value.is_number_integer() ? view.local(engine::Instant{shown.value.get<std::int64_t>()}) : "";
    case Kind::yes_no: return view.t(shown.value == true ? "page.yes" : "page.no");
    case Kind::person: return names.of(text);
    case Kind::case_link: return title_of_case(view, text);
    case Kind::document: return document_name(view, text);
    case Kind::place: {
        const auto place = view.app.places.find(text);
        return place ? place->name : text;
    }
    case Kind::colour: return colour_name(language, text);
    case Kind::state: return state_name(language, shown.of, text);
    case Kind::choice: return choice_name(language, shown.of, text, definition);
    case Kind::field: return field_name(language, text, definition);
    case Kind::word: return view.t(shown.of + "." + text);
    case Kind::names: return shown.value.is_object() ? shown.value.value(language, "") : text;
    case Kind::sentence: return sentence(view, shown, names, definition);
    case Kind::list: return listed(view, shown, names, definition);
    }
    return "";
}

Json say_rows(const View& view, const engine::CaseRow& row, const std::vector<engine::ShownRow>& rows,
              const Names& names) {
    auto list = Json::array();
    const auto add = [&](const std::string& label, const std::string& value, const std::string& href) {
        if (!value.empty()) list.push_back({{"row_label", label}, {"row_value", value}, {"row_href", or_false(href)}});
    };
    for (const auto& one : rows) {
        const auto label = say(view, one.label, names, row.definition);
        const bool apart = one.value.kind == Shown::Kind::list && !one.value.parts.empty() &&
                           has_address(one.value.parts.front().second);
        if (!apart) {
            const auto href = one.link.empty() ? href_of(view, one.value) : href_of(view.app, row, one.link);
            add(label, say(view, one.value, names, row.definition), href);
            continue;
        }
        for (const auto& [name, part] : one.value.parts)
            add(label, say(view, part, names, row.definition), href_of(view, part));
    }
    return list;
}

} // namespace cunmai::http::pages
