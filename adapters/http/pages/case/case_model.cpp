#include "adapters/http/pages/case/case_model.hpp"

#include "workflows/evaluation/calendar.hpp"

#include <algorithm>
#include <set>

namespace cunmai::http::pages {

Json case_card(const View& view, const engine::CaseRow& row) {
    const auto& language = view.language();
    const auto today = view.app.today();
    const auto due = row.final ? std::string() : row.summary.due_on;
    return {{"number", view.number(row.id)},
            {"case_id", row.id.text},
            {"href", case_href(row)},
            {"version", std::to_string(row.version)},
            {"case_title", row.summary.title},
            {"definition", definition_name(language, row.definition)},
            {"place", row.place.name},
            {"place_elsewhere",
             row.summary.title.find(row.place.name) == std::string::npos ? Json(row.place.name) : Json(false)},
            {"category", or_false(category_name(language, row.summary.category))},
            {"tag_tone", state_tone(row.state, row.final)},
            {"tag_text", state_name(language, row.definition, row.state)},
            {"colour", colour_tone(row.summary.colour)},
            {"colour_text", or_false(colour_name(language, row.summary.colour))},
            {"due_on", or_false(due)},
            {"due_text", or_false(due_text(view, due))},
            {"due_tone", due_tone(due, today)},
            {"updated_text", view.local(row.updated_at)},
            {"opened_text", view.local(row.opened_at)}};
}

std::string due_text(const View& view, const std::string& due_on) {
    const auto due = engine::parse_date(due_on), today = engine::parse_date(view.app.today());
    if (!due || !today) return "";
    const int left = engine::days_between(*today, *due);
    if (left == 0) return view.t("page.due.today");
    if (left > 0) return view.t("page.due.left", {{"days", left}});
    const int late = workflows::calendar::working_days_between(view.calendar(), *due, *today);
    return late == 0 ? view.t("page.due.just_late") : view.t("page.due.late", {{"days", late}});
}

std::string case_href(const engine::CaseRow& row) {
    if (row.definition == "committee_meeting") return "/meetings/" + row.id.text;
    if (row.definition == "screening_round") return "/rounds/" + row.id.text;
    return "/cases/" + row.id.text;
}

std::string command_href(const std::string&, const std::string& case_id, const std::string& command) {
    if (command == "submit_self_check") return "/cases/" + case_id + "/indicators";
    return "/cases/" + case_id + "/do/" + command;
}

Json case_tabs(const View& view, const engine::CaseRow& row, std::string_view current) {
    auto tabs = Json::array();
    const auto base = "/cases/" + row.id.text;
    const auto add = [&](const std::string& part, const std::string& key) {
        tabs.push_back({{"href", part.empty() ? case_href(row) : base + "/" + part},
                        {"tab_text", view.t(key)},
                        {"tab_count", false},
                        {"current", part == current}});
    };
    add("", "page.tab.overview");
    if (row.definition == "village_lifecycle") add("answers", "page.tab.answers");
    add("evidence", "page.tab.evidence");
    add("record", "page.tab.record");
    add("diagram", "page.tab.diagram");
    tabs.back()["href"] = base + "/diagram#state-" + row.state; // a large picture opens where the case stands
    return tabs;
}

std::vector<std::string> principals(const engine::Viewer& viewer) {
    std::set<std::string> people;
    for (const auto& grant : viewer.grants)
        if (grant.person != viewer.person) people.insert(grant.person.text);
    return {people.begin(), people.end()};
}

engine::PersonId acting_for(const View& view, const std::string& wish) {
    const auto known = principals(view.viewer());
    return std::find(known.begin(), known.end(), wish) == known.end() ? engine::PersonId{} : engine::PersonId{wish};
}

namespace {

// What the workflow waits for comes first, then the order of its table.
std::vector<engine::Offer> in_order(const View& view, const engine::CaseAndOffers& all) {
    auto offers = all.offers;
    const auto* definition = view.app.registry.find(all.row.definition, all.row.definition_version);
    if (!definition) return offers;
    const auto tasks = definition->tasks({all.row.id, all.row.place, all.row.state, all.row.facts});
    const auto& rows = definition->info().rows;
    const auto rank = [&](const engine::Offer& offer) {
        const bool expected =
            std::any_of(tasks.begin(), tasks.end(), [&](const auto& task) { return task.command == offer.command; });
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& one) {
            return one.from == all.row.state && one.command == offer.command;
        });
        return std::pair{!expected, row - rows.begin()};
    };
    std::stable_sort(offers.begin(), offers.end(),
                     [&](const auto& one, const auto& other) { return rank(one) < rank(other); });
    return offers;
}

} // namespace

namespace {

// The command that brings what is missing, or "".
std::string mending(const engine::Reason& reason) {
    static const std::map<std::string, std::string, std::less<>> commands{
        {"opinion_missing", "sign_opinion"},
        {"opinion_needs_work", "sign_opinion"},
        {"interviews_missing", "record_interview"},
        {"courtyard_meetings_missing", "record_courtyard_meeting"},
        {"not_supplemented", "record_interview"},
        {"ballot_not_open", "open_ballot"},
        {"ballot_already_open", "close_ballot"},
        {"interest_in_village", "recuse"},
        {"plan_missing", "adopt_plan"},
        {"post_unassigned", "assign"},
        {"look_back_missing", "record_look_back"},
        {"look_back_not_holding", "record_look_back"},
        {"extension_pending", "grant_extension"},
        {"no_extension_asked", "request_extension"},
    };
    static const std::map<std::string, std::string, std::less<>> evaluations{
        {"self", "record_self_evaluation"},
        {"public", "record_public_evaluation"},
        {"town", "record_town_assessment"},
        {"district", "record_district_assessment"},
    };
    const auto named = [&](const char* fact) { return reason.facts.value(fact, ""); };
    if (reason.code == "exit_opinion_missing") return "record_" + named("post") + "_opinion";
    for (const auto* code : {"evaluation_missing", "score_below_threshold"})
        if (reason.code == code) {
            const auto known = evaluations.find(named("evaluation"));
            return known == evaluations.end() ? "" : known->second;
        }
    if (reason.code == "respondents_too_few") return evaluations.at("public");
    const auto found = commands.find(reason.code);
    return found == commands.end() ? "" : found->second;
}

// The page where it is to be seen: {href, message}; empty when there is none.
std::pair<std::string, std::string> place_of(const engine::CaseRow& row, const std::string& code) {
    if (code == "prescriptions_open")
        return {"/prescriptions?place=" + encode(row.place.code), "page.go.prescriptions"};
    if (code == "red_warnings_open") return {"/cases/" + row.id.text + "/answers", "page.go.answers"};
    if (code == "already_open") return {"/cases?open=yes&place=" + encode(row.place.code), "page.go.open_case"};
    if (code == "not_on_agenda" || code == "meeting_not_in_session" || code == "not_present" ||
        code == "votes_outstanding" || code == "ballot_still_open")
        return {"/meetings", "page.go.meetings"};
    return {};
}

} // namespace

Json reasons(const View& view, const engine::CaseRow& row, const std::vector<engine::Offer>& offers,
             const engine::Refusal& refusal) {
    auto list = Json::array();
    for (const auto& reason : refusal.reasons()) {
        auto [href, message] = place_of(row, reason.code);
        auto link = message.empty() ? std::string() : view.t(message);
        const auto command = mending(reason);
        for (const auto& offer : offers)
            if (offer.command == command && offer.allowed) {
                href = command_href(row.definition, row.id.text, command);
                link = view.t("page.go.command", {{"command", command_name(view.language(), row.definition, command)}});
            }
        list.push_back({{"reason_text", texts::sentence(view.language(), reason)},
                        {"reason_href", or_false(href)},
                        {"reason_link", or_false(link)}});
    }
    return list;
}

namespace {

std::string who_may(const View& view, const engine::Offer& offer) {
    std::vector<std::string> who;
    for (const auto& role : offer.who) who.push_back(role_name(view.language(), role));
    return join(view.language(), who);
}

} // namespace

Json why_not(const View& view, const engine::CaseAndOffers& found, const engine::Offer& offer) {
    if (offer.allowed) return Json::array();
    auto list = reasons(view, found.row, found.offers, offer.missing);
    if (!offer.by_role && list.empty())
        list.push_back({{"reason_text", view.t("page.do.not_yours", {{"who", who_may(view, offer)}})},
                        {"reason_href", false},
                        {"reason_link", false}});
    return list;
}

void put_tasks(View& view, Json& model, const engine::CaseAndOffers& all, const engine::PersonId& on_behalf_of) {
    const auto& language = view.language();
    auto can = Json::array(), cannot = Json::array();
    const auto as = on_behalf_of.empty() ? "" : "?as=" + encode(on_behalf_of.text);
    for (const auto& offer : in_order(view, all)) {
        if (offer.info && offer.info->internal) continue;
        const auto name = command_name(language, all.row.definition, offer.command);
        if (offer.allowed) {
            const auto hint = "command." + offer.command + ".hint";
            can.push_back(
                {{"href", command_href(all.row.definition, all.row.id.text, offer.command) + as},
                 {"task_name", name},
                 {"task_hint", texts::has(language, hint) ? Json(texts::text(language, hint)) : Json(false)}});
            continue;
        }
        engine::Refusal missing;
        for (const auto& reason : offer.missing.reasons())
            if (reason.code != "not_your_role") missing.add_for(reason.field, reason.code, reason.facts);
        cannot.push_back({{"task_name", name},
                          {"task_who", or_false(offer.by_role ? "" : who_may(view, offer))},
                          {"reasons", reasons(view, all.row, all.offers, missing)}});
    }
    // Own duties that wait for something first, then what is for others.
    std::stable_sort(cannot.begin(), cannot.end(), [](const Json& one, const Json& other) {
        return one["task_who"].is_boolean() && !other["task_who"].is_boolean();
    });
    model["has_can_do"] = !can.empty();
    model["can_do"] = std::move(can);
    model["has_cannot_do"] = !cannot.empty();
    model["cannot_do"] = std::move(cannot);
}

Json files(const View& view, const std::vector<db::DocumentInfo>& documents, const Names& names) {
    auto list = Json::array();
    for (const auto& document : documents)
        list.push_back({{"href", "/documents/" + document.sha256},
                        {"file_name", document.name},
                        {"file_size", file_size(view.language(), document.size)},
                        {"file_note", names.of(document.added_by.text) + " " + view.local(document.added_at)}});
    return list;
}

} // namespace cunmai::http::pages
