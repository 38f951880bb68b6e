#include "adapters/http/pages/case/case_model.hpp"

#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/special_pages.hpp"
#include "workflows/evaluation/calendar.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cunmai::http::pages {

Json case_card(const View& view, const engine::CaseRow& row) {
    const auto& language = view.language();
    const auto today = view.app.today();
    const auto due = row.final ? std::string() : row.summary.due_on;
    return {
        {"number", view.number(row.id)},
        {"case_id", row.id.text},
        {"href", case_href(view.app, row)},
        {"version", std::to_string(row.version)},
        {"case_title", case_title(view, row)},
        {"definition", definition_name(language, row.definition)},
        {"place", row.place.name},
        {"place_elsewhere", !row.summary.title.empty() && row.summary.title.find(row.place.name) == std::string::npos
                                ? Json(row.place.name)
                                : Json(false)},
        {"category", or_false(category_name(language, row.summary.category))},
        {"tag_tone", state_tone(view.app, row.definition, row.state, row.final)},
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

Json case_tabs(const View& view, const engine::CaseRow& row, std::string_view current) {
    auto tabs = Json::array();
    const auto base = "/cases/" + row.id.text;
    const auto add = [&](const std::string& part, const std::string& key) {
        tabs.push_back({{"href", part.empty() ? case_href(view.app, row) : base + "/" + part},
                        {"tab_text", view.t(key)},
                        {"tab_count", false},
                        {"current", part == current}});
    };
    add("", "page.tab.overview");
    if (const auto* definition = definition_of(view.app, row))
        for (const auto& tab : definition->presentation().tabs) {
            const auto href = special_page(tab.page, row.id.text);
            tabs.push_back({{"href", href},
                            {"tab_text", view.t(tab.text)},
                            {"tab_count", false},
                            {"current", href == base + "/" + std::string(current)}});
        }
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

std::string href_as(const std::string& path, const engine::PersonId& as) {
    return as.empty() ? path : with_word(path, "as=" + encode(as.text));
}

namespace {

// {id, "for …"}, the person themselves first; empty for who has nobody to act for.
std::vector<std::pair<engine::PersonId, std::string>> acting_choices(View& view) {
    std::vector<std::pair<engine::PersonId, std::string>> choices;
    const auto people = principals(view.viewer());
    if (people.empty()) return choices;
    Names names;
    for (const auto& person : people) names.want(person);
    names.load(view.app.people, view.language());
    choices.emplace_back(engine::PersonId{}, view.t("page.do.as_myself"));
    for (const auto& person : people)
        choices.emplace_back(engine::PersonId{person}, view.t("page.do.for_person", {{"name", names.of(person)}}));
    return choices;
}

} // namespace

void put_acting(View& view, const engine::CaseRow& row, const engine::PersonId& as) {
    auto list = Json::array();
    for (const auto& [person, text] : acting_choices(view))
        list.push_back(
            {{"href", href_as(case_href(view.app, row), person)}, {"tab_text", text}, {"current", person == as}});
    view.model["has_acting"] = !list.empty();
    view.model["acting"] = std::move(list);
}

void put_acting_field(View& view, Json& fields, const engine::PersonId& as) {
    std::vector<Option> options;
    for (const auto& [person, text] : acting_choices(view)) options.push_back({person.text, text, ""});
    if (options.empty()) return;
    fields.insert(fields.begin(), select("on_behalf_of", view.t("page.do.acting"), as.text, options));
}

std::vector<Opening> openings_at(const View& view, const std::string& definition, const std::string& place_code) {
    std::vector<Opening> openings;
    auto people = principals(view.viewer());
    people.insert(people.begin(), "");
    for (const auto& person : people)
        for (auto& offer : view.app.service.opening_offers(definition, place_code, view.me(), {person})) {
            const bool is_known = std::any_of(openings.begin(), openings.end(),
                                              [&](const Opening& one) { return one.offer.command == offer.command; });
            if (offer.info && !offer.info->internal && offer.by_role && !is_known)
                openings.push_back({std::move(offer), {person}});
        }
    return openings;
}

void show_what_is_gone(View& view, const engine::CaseRow& row) {
    const auto gone = view.request.asked("gone");
    const auto* definition = view.app.registry.find(row.definition, row.definition_version);
    if (gone.empty() || !definition || !definition->info().command(gone)) return;
    view.flash("warn",
               view.t("page.case.command_gone", {{"command", command_name(view.language(), row.definition, gone)},
                                                 {"state", state_name(view.language(), row.definition, row.state)}}));
}

namespace {

// Commands that the workflow waits for come first, the others in the order of its table.
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

struct Way { // to what is missing
    std::string href, text, command;
};

// The page where it is to be seen, and the command that brings it. That a case is open already the engine itself says.
Way way_to(const View& view, const engine::CaseRow& row, const engine::Reason& reason) {
    if (reason.code == "already_open")
        return {
            with_word(with_word(list_href(view.app, row.definition), "open=yes"), "place=" + encode(row.place.code)),
            view.t("page.go.open_case"), ""};
    const auto* definition = view.app.registry.newest(row.definition);
    const auto* mend = definition ? mend_of(*definition, reason) : nullptr;
    if (!mend) return {};
    return {href_of(view.app, row, mend->link), mend->link_text.empty() ? "" : view.t(mend->link_text),
            std::string(mend->command)};
}

} // namespace

Json reasons(const View& view, const engine::CaseRow& row, const std::vector<engine::Offer>& offers,
             const engine::Refusal& refusal, const engine::PersonId& as) {
    auto list = Json::array();
    for (const auto& reason : refusal.reasons()) {
        auto [href, link, command] = way_to(view, row, reason);
        for (const auto& offer : offers)
            if (offer.command == command && offer.allowed) {
                href = href_as(command_href(view.app, row.definition, row.state, row.id.text, command), as);
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

Json why_not(const View& view, const engine::CaseAndOffers& found, const engine::Offer& offer,
             const engine::PersonId& as) {
    if (offer.allowed) return Json::array();
    auto list = reasons(view, found.row, found.offers, offer.missing, as);
    if (!offer.by_role && list.empty())
        list.push_back({{"reason_text", view.t("page.do.not_yours", {{"who", who_may(view, offer)}})},
                        {"reason_href", false},
                        {"reason_link", false}});
    return list;
}

namespace {

// The offers that answer the same question as this one and are this person's to give.
std::vector<const engine::Offer*> answers(const engine::CaseAndOffers& all, const engine::Question& question) {
    std::vector<const engine::Offer*> found;
    for (const auto answer : question.answers)
        for (const auto& offer : all.offers)
            if (offer.command == answer && offer.by_role && offer.info && !offer.info->internal)
                found.push_back(&offer);
    return found;
}

// Answers that are closed for the same reasons stand there once, by the name of their question; unless it is among
// those that can be answered.
Json said_once(const Json& cannot, const std::set<std::string>& open_questions) {
    std::map<std::string, std::vector<const Json*>> by_question;
    for (const auto& one : cannot)
        if (one["question"] != one["task_name"] && !open_questions.contains(one["question"]))
            by_question[one["question"]].push_back(&one);
    auto list = Json::array();
    for (const auto& one : cannot) {
        const auto found = by_question.find(one["question"]);
        const bool alike = found != by_question.end() && found->second.size() > 1 &&
                           std::all_of(found->second.begin(), found->second.end(), [&](const auto* other) {
                               return (*other)["task_who"] == one["task_who"] && (*other)["reasons"] == one["reasons"];
                           });
        if (alike && found->second.front() != &one) continue;
        list.push_back(one);
        if (alike) list.back()["task_name"] = one["question"];
    }
    return list;
}

Json can_be_done(const View& view, const std::string& href, const std::string& name, const std::string& hint) {
    return {{"href", href},
            {"task_name", name},
            {"task_hint", texts::has(view.language(), hint) ? Json(view.t(hint)) : Json(false)}};
}

} // namespace

std::vector<const engine::Offer*> answers_to(const App& app, const engine::CaseAndOffers& all,
                                             std::string_view command) {
    const auto* definition = definition_of(app, all.row);
    const auto* question = definition ? question_of(*definition, all.row.state, command) : nullptr;
    auto found = question ? answers(all, *question) : std::vector<const engine::Offer*>{};
    if (found.size() < 2) found.clear(); // there is nothing to choose
    return found;
}

void put_tasks(View& view, Json& model, const engine::CaseAndOffers& all, const engine::PersonId& as) {
    const auto& language = view.language();
    const auto& row = all.row;
    auto can = Json::array(), cannot = Json::array();
    std::set<std::string> asked; // questions
    for (const auto& offer : in_order(view, all)) {
        if (offer.info && offer.info->internal) continue;
        const auto name = command_name(language, row.definition, offer.command);
        if (offer.allowed) {
            const bool one_of_several = !answers_to(view.app, all, offer.command).empty();
            const auto shown = one_of_several ? task_name(view, row.definition, row.state, offer.command) : name;
            if (one_of_several && !asked.insert(shown).second) continue;
            const auto href = command_href(view.app, row.definition, row.state, row.id.text, offer.command);
            can.push_back(can_be_done(view, href_as(href, as), shown,
                                      one_of_several ? "" : "command." + offer.command + ".hint"));
            continue;
        }
        engine::Refusal missing;
        for (const auto& reason : offer.missing.reasons())
            if (reason.code != "not_your_role") missing.add_for(reason.field, reason.code, reason.facts);
        cannot.push_back({{"task_name", name},
                          {"question", task_name(view, row.definition, row.state, offer.command)},
                          {"task_who", or_false(offer.by_role ? "" : who_may(view, offer))},
                          {"reasons", reasons(view, row, all.offers, missing, as)}});
    }
    cannot = said_once(cannot, asked);
    // First the person's own duties that still lack something, then those of others.
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
