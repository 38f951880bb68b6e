// Several tasks at once (批量办理): one command, filled in once, is given to each chosen case separately. Each case has
// its own key and version, and its own receipt or reasons; a refusal in one does not hold up the others. Commands whose
// input differs from case to case (persons, evidence, places) or is personal (a vote) are given one by one.
#include "adapters/http/pages/work/bulk.hpp"
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace cunmai::http::pages {

namespace {

constexpr std::size_t cases_max = 50;

// One chosen case. As text: "case", "case~person acted for" or, in the form, "case~person~version".
struct Chosen {
    engine::CaseId case_id;
    engine::PersonId as;
    std::int64_t version = 0; // of the case as the person saw it
};

Chosen chosen_of(const std::string& text) {
    Chosen chosen;
    const auto first = text.find('~'), second = first == std::string::npos ? first : text.find('~', first + 1);
    chosen.case_id.text = text.substr(0, first);
    if (first != std::string::npos) chosen.as = person_from_form(text.substr(first + 1, second - first - 1));
    if (second != std::string::npos) {
        const auto from = text.data() + second + 1, end = text.data() + text.size();
        if (std::from_chars(from, end, chosen.version).ptr != end) chosen.version = 0; // no case has version 0
    }
    return chosen;
}

std::string text_of(const Chosen& chosen) {
    return chosen.case_id.text + "~" + chosen.as.text + "~" + std::to_string(chosen.version);
}

// Each case once, and no more cases than a page has room for.
template <class Range> std::vector<Chosen> all_chosen(const Range& texts) {
    std::vector<Chosen> all;
    std::set<std::string> seen;
    for (const auto& text : texts) {
        auto one = chosen_of(text);
        if (all.size() < cases_max && !one.case_id.empty() && seen.insert(one.case_id.text).second)
            all.push_back(std::move(one));
    }
    return all;
}

std::vector<std::string> asked_all(const Request& request, const std::string& key) {
    std::vector<std::string> all;
    const auto [from, to] = request.query.equal_range(key);
    for (auto at = from; at != to; ++at) all.push_back(at->second);
    return all;
}

bool differs_by_case(engine::FieldType type) {
    using Type = engine::FieldType;
    switch (type) {
    case Type::line:
    case Type::text:
    case Type::choice:
    case Type::choices:
    case Type::integer:
    case Type::decimal:
    case Type::boolean:
    case Type::date: return false;
    case Type::person:
    case Type::people:
    case Type::case_id:
    case Type::cases:
    case Type::document:
    case Type::documents:
    case Type::places: return true;
    }
    return true;
}

std::string with_all(std::string path, const std::string& key, const std::vector<std::string>& values) {
    for (const auto& value : values) path = with_word(path, key + "=" + encode(value));
    return path;
}

std::string path_of(const std::string& definition, const std::string& command) {
    return "/work/bulk/" + encode(definition) + "/" + encode(command);
}

// The command that the path names, with its definition. Throws Problem 404.
struct Named {
    const engine::Definition* workflow = nullptr;
    const engine::DefinitionInfo* definition = nullptr;
    const engine::CommandInfo* command = nullptr;
};

Named named(App& app, const Request& request) {
    const auto* definition = app.registry.newest(request.param("definition"));
    const auto* command = definition ? definition->info().command(request.param("command")) : nullptr;
    if (!command || !may_be_bulk(*definition, *command)) not_found();
    return {definition, &definition->info(), command};
}

// A case in which the command was not given, and why.
struct Result {
    Chosen chosen;
    Given given;
};

// The form as it is shown.
struct Shown {
    std::vector<Chosen> cases;
    std::vector<Result> results{}; // for the cases in which the command was not given
    std::vector<Chosen> given{};   // each with the version after the command
    std::set<std::string> ticked{};
    Form form{};
    std::string key{}; // the key of each case begins with it
    engine::Refusal refusal{};
    int status = 200;

    const Result* result(const Chosen& one) const {
        const auto found = std::find_if(results.begin(), results.end(),
                                        [&](const Result& each) { return each.chosen.case_id == one.case_id; });
        return found == results.end() ? nullptr : &*found;
    }
};

// Why the command was not given there, or can't be.
Json why_left(View& view, const engine::CaseAndOffers& found, const engine::Offer* offer, const engine::PersonId& as,
              const Result* result) {
    const auto sentence = [&](const char* key) {
        return Json::array({{{"reason_text", view.t(key)}, {"reason_href", false}, {"reason_link", false}}});
    };
    if (result && result->given.conflict()) return sentence("page.bulk.changed");
    if (result && !result->given.refusal.empty())
        return reasons(view, found.row, found.offers, result->given.refusal, as);
    return offer ? why_not(view, found, *offer, as) : sentence("page.bulk.moved_on");
}

// A case in the form; false when the person may not know of it.
Json row_of(View& view, const Chosen& chosen, const Named& what, const Shown& shown) {
    const auto as = acting_for(view, chosen.as.text);
    const auto found = view.reading().offers(chosen.case_id, as);
    if (!found || found->row.definition != what.definition->key) return false;
    const auto* result = shown.result(chosen);
    const auto at = std::find_if(found->offers.begin(), found->offers.end(),
                                 [&](const auto& one) { return one.command == what.command->key; });
    const auto* offer = at == found->offers.end() ? nullptr : &*at;
    // the version that the person saw, unless this page tells them that it has changed
    const bool seen = chosen.version > 0 && !(result && result->given.conflict());
    const auto version = seen ? chosen.version : found->row.version;
    auto row = case_card(view, found->row);
    row["value"] = text_of({chosen.case_id, chosen.as, version});
    row["possible"] = offer && offer->allowed;
    row["ticked"] = !result && shown.ticked.contains(chosen.case_id.text); // who was refused is asked to look first
    auto why = why_left(view, *found, offer, as, result);
    row["has_reasons"] = !why.empty();
    row["reasons"] = std::move(why);
    return row;
}

// The receipt of a command that this person gave; false for anybody else's.
Json receipt_of(View& view, const Chosen& given) {
    const auto row = view.reading().find(given.case_id);
    if (!row || given.version < 1) return false;
    return receipt(view, *row, std::to_string(given.version));
}

Response form_page(View& view, const Named& what, const Shown& shown) {
    const auto& language = view.language();
    const auto name = command_name(language, what.definition->key, what.command->key);
    auto items = Json::array(), done = Json::array();
    bool possible = false;
    for (const auto& one : shown.given)
        if (auto proof = receipt_of(view, one); proof.is_object()) done.push_back(std::move(proof));
    for (const auto& one : shown.cases) {
        if (std::any_of(shown.given.begin(), shown.given.end(),
                        [&](const Chosen& given) { return given.case_id == one.case_id; }))
            continue;
        auto row = row_of(view, one, what, shown);
        if (!row.is_object()) continue;
        possible = possible || row["possible"] == true;
        items.push_back(std::move(row));
    }
    auto fields = inputs_for(view, *what.workflow, *what.command, shown.form.typed, {}); // no field depends on a place
    mark_errors(view, fields, shown.refusal);
    view.title(view.t("page.bulk.title", {{"command", name}})).crumb("/work", view.t("page.work.title"));
    const auto hint = "command." + what.command->key + ".hint";
    auto& model = view.model;
    model["action"] = path_of(what.definition->key, what.command->key);
    model["version"] = "0"; // each case has its own version
    model["idempotency_key"] = shown.key;
    model["done_text"] = view.t("page.bulk.done", {{"done", done.size()}, {"all", done.size() + shown.results.size()}});
    model["has_done"] = !done.empty();
    model["done"] = std::move(done);
    model["has_items"] = !items.empty();
    model["items"] = std::move(items);
    model["possible"] = possible;
    model["fields"] = std::move(fields);
    model["hint"] = texts::has(language, hint) ? Json(texts::text(language, hint)) : Json(false);
    model["button"] = name;
    return view.page("bulk_form", shown.status);
}

// Whether nothing was done because of the input itself: then all cases have the same reasons about fields.
bool fields_are_wrong(const std::vector<Result>& results) {
    return !results.empty() && std::all_of(results.begin(), results.end(), [](const Result& one) {
        const auto& reasons = one.given.refusal.reasons();
        return !one.given.accepted() && !reasons.empty() &&
               std::all_of(reasons.begin(), reasons.end(), [](const auto& reason) { return !reason.field.empty(); });
    });
}

} // namespace

bool may_be_bulk(const engine::Definition& definition, const engine::CommandInfo& command) {
    return !command.internal && !command.personal && !command.opens_child && !is_grave(definition, command.key) &&
           std::none_of(command.fields.begin(), command.fields.end(),
                        [](const engine::Field& field) { return differs_by_case(field.type); });
}

std::string choice_of(const db::WorkItem& item) {
    return item.definition + "/" + item.command + "/" + item.case_id.text +
           (item.on_behalf_of.empty() ? "" : "~" + item.on_behalf_of.text);
}

namespace {

struct Task { // in the form that choice_of() writes
    std::string definition, command, chosen;
};

std::vector<Task> tasks_of(const std::vector<std::string>& texts) {
    std::vector<Task> all;
    for (const auto& text : texts) {
        const auto first = text.find('/'), second = first == std::string::npos ? first : text.find('/', first + 1);
        if (second == std::string::npos || all.size() == cases_max) continue;
        all.push_back({text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)});
    }
    return all;
}

} // namespace

Response choose_work(App& app, const Request& request) {
    const auto back = safe_back(form_value(request, "back"), "/work");
    const auto to = [&](const std::string& word) { return Response::redirect(with_word(back, word)); };
    const auto texts = form_values(request, "task");
    const auto tasks = tasks_of(texts);
    if (tasks.empty()) return to("not_done=nothing_chosen");
    const auto what = form_value(request, "what");
    if (what == "claim" || what == "release") {
        std::size_t done = 0;
        for (const auto& task : tasks)
            if (app.cases.claim(request.who().viewer, chosen_of(task.chosen).case_id, task.command, what == "claim"))
                ++done;
        if (done < tasks.size()) return to(done == 0 ? "not_done=claim_gone" : "not_done=claim_partly");
        return to(what == "claim" ? "done=claimed" : "done=released");
    }
    return Response::redirect(with_all("/work/bulk", "task", texts));
}

Response show_bulk(App& app, const Request& request) {
    View view(app, request);
    const auto& language = view.language();
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> groups;
    for (auto& task : tasks_of(asked_all(request, "task"))) {
        const auto* definition = app.registry.newest(task.definition);
        const auto* command = definition ? definition->info().command(task.command) : nullptr;
        if (command && !command->internal) groups[{task.definition, task.command}].push_back(std::move(task.chosen));
    }
    if (groups.empty()) return Response::redirect("/work?not_done=nothing_chosen");
    const auto may = [&](const auto& what) {
        const auto* definition = app.registry.newest(what.first);
        return may_be_bulk(*definition, *definition->info().command(what.second));
    };
    if (const auto& [what, cases] = *groups.begin(); groups.size() == 1 && cases.size() > 1 && may(what))
        return Response::redirect(with_all(path_of(what.first, what.second), "case", cases));

    auto list = Json::array();
    for (const auto& [what, cases] : groups) {
        const auto name = command_name(language, what.first, what.second);
        auto one_by_one = Json::array();
        const bool together = cases.size() > 1 && may(what);
        if (!together)
            for (const auto& text : cases) {
                const auto chosen = chosen_of(text);
                const auto row = view.reading().find(chosen.case_id);
                if (!row) continue;
                const auto as = chosen.as.empty() ? "" : "?as=" + encode(chosen.as.text);
                one_by_one.push_back(
                    {{"href", command_href(app, what.first, row->state, row->id.text, what.second) + as},
                     {"case_text", case_title(view, *row)}});
            }
        list.push_back({{"heading", name + " · " + definition_name(language, what.first)},
                        {"together_href",
                         together ? Json(with_all(path_of(what.first, what.second), "case", cases)) : Json(false)},
                        {"together_text", view.t("page.bulk.together", {{"command", name}, {"count", cases.size()}})},
                        {"why", may(what) ? Json(false) : Json(view.t("page.bulk.one_by_one"))},
                        {"cases", one_by_one}});
    }
    view.title(view.t("page.bulk.chosen")).crumb("/work", view.t("page.work.title"));
    view.model["groups"] = std::move(list);
    return view.page("bulk");
}

Response show_bulk_form(App& app, const Request& request) {
    View view(app, request);
    const auto what = named(app, request);
    Shown shown{all_chosen(asked_all(request, "case"))};
    shown.given = all_chosen(asked_all(request, "given"));
    if (shown.cases.empty() && shown.given.empty()) return Response::redirect("/work?not_done=nothing_chosen");
    for (const auto& one : shown.cases) shown.ticked.insert(one.case_id.text);
    shown.key = new_key();
    return form_page(view, what, shown);
}

Response do_bulk(App& app, const Request& request) {
    View view(app, request);
    const auto what = named(app, request);
    const auto chosen = all_chosen(form_values(request, "case"));
    auto all = form_values(request, "case"); // the ticked cases, then the others that the form offered
    for (auto& offered : form_values(request, "offered")) all.push_back(std::move(offered));
    Shown shown{all_chosen(all)};
    for (const auto& one : chosen) shown.ticked.insert(one.case_id.text);
    shown.form = read_form(app, request, what.command->fields);
    shown.key = command_from_form(request).idempotency_key;
    shown.refusal = shown.form.refusal;
    if (request.review) return form_page(view, what, shown);
    shown.status = 422;
    if (chosen.empty()) {
        shown.refusal.add("nothing_chosen");
        return form_page(view, what, shown);
    }

    for (const auto& one : chosen) {
        engine::CommandRequest command;
        command.case_id = one.case_id;
        command.name = what.command->key;
        command.on_behalf_of = one.as;
        command.expected_version = one.version;
        command.payload = shown.form.payload;
        command.objections = shown.form.refusal;
        command.idempotency_key = shown.key + "." + one.case_id.text;
        if (request.access_row) request.access_row->access.object = one.case_id.text; // one row for each case
        auto given = try_giving(app, request, std::move(command));
        if (given.accepted())
            shown.given.push_back({one.case_id, one.as, given.outcome.version});
        else
            shown.results.push_back({one, std::move(given)});
    }
    if (shown.given.size() == shown.cases.size()) { // all done: redirect to receipts that can be loaded again
        std::vector<std::string> given;
        for (const auto& one : shown.given) given.push_back(text_of(one));
        return Response::redirect(with_all(path_of(what.definition->key, what.command->key), "given", given));
    }
    if (!shown.given.empty()) shown.status = 200;
    if (shown.given.empty() && fields_are_wrong(shown.results)) {
        shown.refusal = shown.results.front().given.refusal;
        shown.results.clear();
    }
    shown.key = new_key(); // the remaining cases are asked for anew
    return form_page(view, what, shown);
}

} // namespace cunmai::http::pages
