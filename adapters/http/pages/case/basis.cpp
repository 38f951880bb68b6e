#include "adapters/http/pages/case/basis.hpp"

#include "adapters/http/pages/case/ballots.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr std::size_t entries_shown = 12;
constexpr int history_max = 2000;

bool holds(const engine::Keys& keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Json shown_sections(View& view, const engine::CaseRow& row, const engine::Basis& basis) {
    const auto sections = sections_of(view, row);
    Names names;
    want(sections, names);
    names.load(view.app.people, view.language());
    const auto* held = ballots_of(view.app, row);
    auto shown = Json::array();
    for (const auto& section : sections) {
        if (!holds(basis.sections, section.key)) continue;
        auto rows = say_rows(view, row, section.rows, names);
        if (held && section.key == held->section)
            if (auto mine = own_vote(view, row); mine.is_object()) rows.push_back(std::move(mine));
        if (!rows.empty()) shown.push_back({{"heading", view.t(section.heading)}, {"rows", std::move(rows)}});
    }
    return shown;
}

std::vector<ReadableEvent> handed_in(View& view, const engine::CaseRow& row, const engine::Basis& basis) {
    if (basis.starts.empty() && basis.entries.empty()) return {};
    auto events = view.reading().newest(row.id, history_max);
    const auto start = std::find_if(events.rbegin(), events.rend(),
                                    [&](const auto& event) { return holds(basis.starts, event.command); });
    if (start != events.rend()) events.erase(events.begin(), start.base() - 1);
    std::erase_if(events, [&](const auto& event) {
        return !holds(basis.starts, event.command) && !holds(basis.entries, event.command);
    });
    return events;
}

} // namespace

void put_basis(View& view, const engine::CaseRow& row, const std::string& command) {
    view.model["basis"] = false;
    const auto* definition = definition_of(view.app, row);
    const auto* basis = definition ? basis_of(*definition, row.state, command) : nullptr;
    if (!basis) return;
    auto sections = shown_sections(view, row, *basis);
    auto entries = timeline(view, row, handed_in(view, row, *basis), entries_shown);
    if (sections.empty() && entries.empty()) return;
    view.model["basis"] = {
        {"sections", std::move(sections)}, {"has_entries", !entries.empty()}, {"entries", std::move(entries)}};
}

} // namespace cunmai::http::pages
