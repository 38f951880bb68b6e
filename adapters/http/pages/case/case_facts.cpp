#include "adapters/http/pages/case/case_facts.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

Json row_of(const std::string& label, const std::string& value) {
    return {{"row_label", label}, {"row_value", value}, {"row_href", false}};
}

bool is_for(const View& view, const engine::CaseRow& row, const engine::Keys& roles) {
    if (roles.empty()) return true;
    const auto& grants = view.viewer().grants;
    return std::any_of(grants.begin(), grants.end(), [&](const engine::Grant& grant) {
        return std::find(roles.begin(), roles.end(), grant.role) != roles.end() &&
               engine::covers(grant.place_path, row.place.path);
    });
}

} // namespace

Json summary_rows(const View& view, const engine::CaseRow& row, const Sections& sections, const Names& names) {
    auto rows = Json::array({row_of(view.t("page.case.number"), view.number(row.id))});
    for (const auto& section : sections)
        if (section.key == engine::main_section)
            for (auto& one : say_rows(view, row, section.rows, names)) rows.push_back(std::move(one));
    rows.push_back(row_of(view.t("page.case.opened"), view.local(row.opened_at)));
    rows.push_back(row_of(view.t("page.case.updated"), view.local(row.updated_at)));
    return rows;
}

Json section_models(const View& view, const engine::CaseRow& row, const Sections& sections, const Names& names) {
    auto models = Json::array();
    for (const auto& section : sections) {
        if (section.key == engine::main_section || !section.on_page || !is_for(view, row, section.roles)) continue;
        auto rows = say_rows(view, row, section.rows, names);
        if (!rows.empty()) models.push_back({{"heading", view.t(section.heading)}, {"rows", std::move(rows)}});
    }
    return models;
}

void want_people_of_card(const App& app, const engine::CaseRow& row, Names& names) {
    if (const auto* definition = definition_of(app, row)) want(definition->card(view_of(row)).person, names);
}

Json board_card(const View& view, const engine::CaseRow& row, const Names& names, bool with_place) {
    const auto& language = view.language();
    const auto* definition = definition_of(view.app, row);
    const auto card = definition ? definition->card(view_of(row)) : engine::Card{};
    const auto colour = row.final ? std::string("neutral") : colour_tone(row.summary.colour);
    auto words = row.final ? std::string() : due_text(view, card.due_on);
    if (colour != "neutral" && words.empty()) words = colour_name(language, row.summary.colour);
    if (const auto note = say(view, card.note, names); !note.empty())
        words = words.empty() ? note : note + " · " + words;
    const bool has_person = definition && card.person.kind == engine::Shown::Kind::person;
    const auto person = say(view, card.person, names);
    return {{"colour", colour},
            {"tag_tone", state_tone(view.app, row.definition, row.state, row.final)},
            {"tag_text", state_name(language, row.definition, row.state)},
            {"colour_text", or_false(words)},
            {"href", case_href(view.app, row)},
            {"rx_number", view.number(row.id)},
            {"rx_title", case_title(view, row)},
            {"village", with_place ? Json(row.place.name) : Json(false)},
            {"responsible", has_person ? Json(person.empty() ? view.t("page.not_set") : person) : Json(false)},
            {"due_on", or_false(card.due_on)},
            {"due_text", card.due_on.empty() ? view.t("page.not_set") : card.due_on},
            {"percent", card.percent < 0 ? Json(false) : Json(std::to_string(card.percent))},
            {"percent_text", card.percent < 0 ? Json(false) : Json(std::to_string(card.percent) + "%")}};
}

} // namespace cunmai::http::pages
