// Rounds 摸排批次: announced once, then a case for each village; progress town by town.
#include "adapters/services/rounds.hpp"

#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/handlers.hpp"
#include "adapters/http/pages/lists.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

const std::vector<std::string> states_shown{"self_check", "town_screening", "department_review", "committee_approval",
                                            "managed",    "exit_review",    "exit_approval",     "follow_up",
                                            "graduated",  "not_listed",     "terminated"};

// The district of the person: rounds belong to a whole district.
std::optional<engine::Place> district_of(const View& view) {
    const auto found = view.app.places.within(view.viewer().scopes, "district", "", 1, "");
    return found.empty() ? std::nullopt : std::optional(found.front());
}

const engine::CommandInfo& announcing(App& app) {
    const auto* definition = app.registry.newest("screening_round");
    const auto* command = definition ? definition->info().command("announce") : nullptr;
    if (!command) not_found();
    return *command;
}

Response new_round_page(View& view, const engine::Place& district, const Typed& typed, const std::string& key,
                        const engine::Refusal& refusal, int status) {
    view.title(view.t("page.rounds.new")).crumb("/rounds", view.t("page.rounds.title")).wrong(refusal);
    auto fields = inputs_for(view, announcing(view.app).fields, typed, district);
    mark_errors(view.language(), fields, refusal);
    auto& model = view.model;
    model["place"] = district.name;
    model["hint"] = view.t("page.rounds.new_hint");
    model["action"] = "/rounds/new";
    model["version"] = "0";
    model["idempotency_key"] = key;
    model["has_files"] = false;
    model["fields"] = std::move(fields);
    model["button"] = view.t("page.rounds.open");
    model["back_href"] = "/rounds";
    model["is_blocked"] = false;
    model["reasons"] = Json::array();
    return view.page("opening_form", status);
}

Typed proposed_dates(App& app) {
    Typed typed;
    const auto days = app.rules.get("round_due_days");
    auto date = engine::parse_date(app.today());
    if (!date || !days.is_object()) return typed;
    for (const auto& [step, field] : {std::pair{"self_check", "self_check_due_on"},
                                      {"town_screening", "screening_due_on"},
                                      {"department_review", "review_due_on"},
                                      {"committee_approval", "committee_due_on"}}) {
        date = engine::add_days(*date, days.value(step, 15));
        typed.values.emplace(field, engine::to_text(*date));
    }
    return typed;
}

} // namespace

Response show_rounds(App& app, const Request& request) {
    View view(app, request);
    db::CaseFilter filter;
    filter.definition = "screening_round";
    filter.sort = "-opened";
    filter.cursor = request.asked("cursor");
    const auto found = app.cases.list(view.viewer(), filter);
    view.want_numbers(found.rows);
    auto rows = Json::array();
    for (const auto& row : found.rows) {
        auto card = case_card(view, row);
        for (const auto* key : {"self_check_due_on", "screening_due_on", "review_due_on", "committee_due_on"})
            card[key] = row.facts.value(key, "");
        rows.push_back(std::move(card));
    }
    auto& model = view.model;
    view.title(view.t("page.rounds.title"));
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["pages"] = list_pages(view, found.rows.size(), found.total, found.next_cursor);
    model["can_open"] = view.viewer().has_role("panel_leader");
    model["empty"] = {{"empty_text", view.t("page.rounds.empty")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("rounds");
}

Response show_round(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto found = app.service.offers(id, view.me(), {});
    if (!found || found->row.definition != "screening_round") not_found();
    const auto& row = found->row;
    const auto events = app.cases.history(view.viewer(), id, 0, 200);

    struct Town {
        std::string name;
        std::map<std::string, std::int64_t> states;
        std::int64_t total = 0;
    };
    std::map<std::string, Town> towns;
    Town all;
    for (const auto& progress : app.cases.round_progress(view.viewer(), id.text)) {
        auto& town = towns[progress.place_code];
        town.name = progress.place_name;
        for (auto* one : {&town, &all}) {
            one->states[progress.state] += progress.count;
            one->total += progress.count;
        }
    }
    std::vector<std::string> columns;
    for (const auto& state : states_shown)
        if (all.states.contains(state)) columns.push_back(state);
    auto heads = Json::array(), rows = Json::array();
    for (const auto& state : columns)
        heads.push_back({{"state_text", state_name(view.language(), "village_lifecycle", state)}});
    const auto add = [&](const std::string& code, const Town& town) {
        auto cells = Json::array();
        for (const auto& state : columns) {
            const auto count = town.states.contains(state) ? town.states.at(state) : 0;
            cells.push_back({{"count", std::to_string(count)},
                             {"cell_label", state_name(view.language(), "village_lifecycle", state)},
                             {"href", count > 0 ? Json("/cases?round=" + encode(id.text) + "&state=" + state +
                                                       (code.empty() ? "" : "&place=" + code))
                                                : Json(false)}});
        }
        const auto waiting = town.states.contains("self_check") ? town.states.at("self_check") : 0;
        rows.push_back({{"town", town.name},
                        {"total", std::to_string(town.total)},
                        {"handed_in", std::to_string(town.total - waiting)},
                        {"handed_in_text", std::to_string(town.total - waiting) + "/" + std::to_string(town.total)},
                        {"progress_label", view.t("page.rounds.handed_in_of", {{"town", town.name}})},
                        {"cells", cells}});
    };
    for (const auto& [code, town] : towns) add(code, town);
    if (towns.size() > 1) {
        all.name = view.t("page.rounds.all");
        add("", all);
    }
    auto& model = view.model;
    view.title(row.summary.title).crumb("/rounds", view.t("page.rounds.title"));
    model["case"] = case_card(view, row);
    for (const auto* key : {"self_check_due_on", "screening_due_on", "review_due_on", "committee_due_on"})
        model[key] = row.facts.value(key, "");
    model["has_towns"] = !rows.empty();
    model["heads"] = std::move(heads);
    model["towns"] = std::move(rows);
    put_tasks(view, model, *found, {});
    model["receipt"] = receipt(view, row, events, request.asked("receipt"));
    const auto opened = request.asked("opened"), passed = request.asked("passed");
    const bool numbers = !opened.empty() && (opened + passed).find_first_not_of("0123456789") == std::string::npos &&
                         opened.size() < 7 && passed.size() < 7;
    if (numbers) view.flash("good", view.t("page.rounds.opened", {{"opened", opened}, {"passed", passed}}));
    model["timeline"] = timeline(view, row, events, 10);
    model["empty"] = {{"empty_text", view.t("page.rounds.no_cases")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("round");
}

Response show_new_round(App& app, const Request& request) {
    View view(app, request);
    const auto district = district_of(view);
    if (!district) not_found();
    return new_round_page(view, *district, proposed_dates(app), new_key(), {}, 200);
}

Response open_round(App& app, const Request& request) {
    View view(app, request);
    auto command = command_from_form(request);
    const auto district = district_of(view);
    if (!district) {
        const auto all = app.places.within({"/"}, "district", "", 1, "");
        command.definition = "screening_round";
        command.name = "announce";
        command.place_code = all.empty() ? "" : all.front().code;
        turn_away(app, request, command);
    }
    const auto form = read_form(app, request, announcing(app).fields);
    if (request.review) return new_round_page(view, *district, form.typed, command.idempotency_key, {}, 200);
    const auto opened = rounds::open(app, view.me(), district->code, form.payload, command.idempotency_key, request.id);
    if (opened.outcome.kind != engine::Outcome::Kind::accepted) {
        if (opened.outcome.kind == engine::Outcome::Kind::not_found) not_found();
        return new_round_page(view, *district, form.typed, command.idempotency_key, opened.outcome.refusal, 422);
    }
    const auto passed = std::count_if(opened.receipts.begin(), opened.receipts.end(),
                                      [](const auto& receipt) { return receipt.case_id.empty(); });
    return Response::redirect("/rounds/" + opened.outcome.case_id.text + "?receipt=1&opened=" +
                              std::to_string(static_cast<std::ptrdiff_t>(opened.receipts.size()) - passed) +
                              "&passed=" + std::to_string(passed));
}

} // namespace cunmai::http::pages
