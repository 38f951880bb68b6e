#include "adapters/http/pages/case/basis.hpp"

#include "adapters/http/pages/case/case_facts.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

using Keys = std::vector<std::string_view>;

constexpr std::size_t entries_shown = 12;
constexpr int history_max = 2000;

struct Basis {
    std::string_view definition;
    std::string_view state; // "": in any
    Keys commands;          // that decide on it
    Keys sections; // of the case's facts: "summary", "agreement", "ballot", "warnings", or a part of village_sections
    Keys starts;   // commands with which the matter began: what was handed in before the last of them is of old
    Keys entries;  // further commands whose events are shown; those of `starts` are
};

const std::vector<Basis>& bases() {
    static const Keys visits{"record_interview", "record_courtyard_meeting", "record_consultation"};
    static const Keys proposals{"nominate", "report_relapse"};
    static const Keys ballots{"open_ballot", "cast_vote", "recuse", "close_ballot"};
    static const Keys evaluations{"record_self_evaluation",   "record_public_evaluation",
                                  "record_town_assessment",   "record_district_assessment",
                                  "record_commander_opinion", "record_coordinator_opinion"};
    // clang-format off
    static const std::vector<Basis> all{
        {"village_lifecycle", "town_screening", {"nominate", "return_to_village", "decline"},
         {"summary"}, {"submit_self_check", "open_targeted"}, {"return_to_town"}},
        {"village_lifecycle", "department_review", {"sign_opinion", "endorse", "return_to_town", "decline"},
         {"review"}, proposals, visits},
        {"village_lifecycle", "committee_approval", ballots, {"ballot", "review"}, proposals, {}},
        {"village_lifecycle", "", {"issue_prescription", "request_exit"}, {"warnings", "plan"}, {}, {}},
        {"village_lifecycle", "exit_review", {"record_commander_opinion", "record_coordinator_opinion"},
         {"plan", "exit"}, {"request_exit"}, evaluations},
        {"village_lifecycle", "exit_review", {"endorse_exit", "deny_exit"}, {"exit"}, {"request_exit"}, evaluations},
        {"village_lifecycle", "exit_approval", ballots, {"ballot", "exit"}, {"request_exit"}, {}},
        {"village_lifecycle", "follow_up", {"record_look_back", "report_relapse", "complete_follow_up"},
         {"plan", "look_backs"}, {}, {"record_look_back"}},
        {"prescription", "", {"accept", "decline_responsibility", "report_progress", "submit_for_check", "cancel"},
         {"agreement"}, {}, {"reject_result"}},
        {"prescription", "", {"request_extension", "grant_extension", "refuse_extension"},
         {"agreement"}, {}, {"request_extension", "grant_extension", "refuse_extension"}},
        {"prescription", "", {"accept_result", "reject_result"}, {"agreement"}, {"submit_for_check"}, {}},
        {"prescription", "", {"reopen"}, {"agreement"}, {"accept_result"}, {}},
    };
    // clang-format on
    return all;
}

bool holds(const Keys& keys, std::string_view key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

// What is voted on, how, and what this person has voted so far.
Json ballot_rows(const View& view, const engine::CaseRow& row) {
    auto rows = Json::array();
    const auto add = [&](const std::string& label, const std::string& value) {
        rows.push_back({{"row_label", label}, {"row_value", value}, {"row_href", false}});
    };
    add(field_name(view.language(), "purpose"),
        view.t(row.state == "exit_approval" ? "purpose.exit" : "purpose.entry"));
    const auto ballot = row.facts.find("ballot");
    if (ballot == row.facts.end() || !ballot->is_object()) return rows;
    const bool secret = ballot->value("secret", false);
    add(view.t("page.meeting.kind"), view.t(secret ? "page.meeting.secret" : "page.meeting.named"));
    const auto votes = ballot->value("votes", Json::object());
    const auto voted = ballot->value("voted", Json::array());
    if (const auto mine = votes.find(view.me().text); mine != votes.end())
        add(view.t("page.ballot.mine"), choice_name(view.language(), "choice", mine->value("choice", "")));
    else if (std::find(voted.begin(), voted.end(), Json(view.me().text)) != voted.end())
        add(view.t("page.ballot.mine"), view.t("page.ballot.mine_sealed"));
    return rows;
}

// What is red, by the codes that a prescription names as its source.
Json warning_rows(const View& view, const engine::CaseRow& row) {
    auto rows = Json::array();
    const auto add = [&](const Json& code, const Json& what, const Json& href) {
        rows.push_back({{"row_label", code}, {"row_value", what}, {"row_href", href}});
    };
    const auto red = row.facts.value("red_indicators", Json::array());
    if (!red.empty()) {
        const auto catalogue = view.app.rules.get("catalogue");
        for (const auto& indicator : catalogue.at("indicators"))
            if (std::find(red.begin(), red.end(), indicator.at("code")) != red.end())
                add(indicator.at("code"), indicator.at("name").at(view.language()),
                    "/cases/" + row.id.text + "/answers");
    }
    for (const auto& item : row.facts.value("relapse_items", Json::array()))
        add(item.at("code"), item.at("problem"), false);
    return rows;
}

Json sections_of(View& view, const engine::CaseRow& row, const Basis& basis) {
    Names names;
    want_people_of_facts(row, names);
    names.load(view.app.people, view.language());
    auto shown = Json::array();
    const auto add = [&](const char* heading, Json rows) {
        if (!rows.empty()) shown.push_back({{"heading", view.t(heading)}, {"rows", std::move(rows)}});
    };
    if (holds(basis.sections, "warnings")) add("page.case.red_warnings", warning_rows(view, row));
    if (holds(basis.sections, "ballot")) add("page.case.ballots", ballot_rows(view, row));
    if (holds(basis.sections, "summary")) add("page.case.summary", summary_rows(view, row, names));
    if (holds(basis.sections, "agreement")) add("page.case.agreement", agreement_rows(view, row, names));
    if (row.definition == "village_lifecycle")
        for (auto& section : village_sections(view, row, names))
            if (holds(basis.sections, section["part"].get<std::string>())) shown.push_back(std::move(section));
    return shown;
}

std::vector<engine::Event> handed_in(View& view, const engine::CaseRow& row, const Basis& basis) {
    if (basis.starts.empty() && basis.entries.empty()) return {};
    auto events = view.app.cases.history(view.viewer(), row.id, 0, history_max);
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
    const auto basis = std::find_if(bases().begin(), bases().end(), [&](const Basis& one) {
        return one.definition == row.definition && (one.state.empty() || one.state == row.state) &&
               holds(one.commands, command);
    });
    if (basis == bases().end()) return;
    auto sections = sections_of(view, row, *basis);
    auto entries = timeline(view, row, handed_in(view, row, *basis), entries_shown);
    if (sections.empty() && entries.empty()) return;
    view.model["basis"] = {
        {"sections", std::move(sections)}, {"has_entries", !entries.empty()}, {"entries", std::move(entries)}};
}

} // namespace cunmai::http::pages
