// Rounds 摸排批次: announced once, then a case for each village; progress town by town.
#include "adapters/services/rounds.hpp"

#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/lists.hpp"
#include "workflows/screening_round/screening_round.hpp"
#include "workflows/screening_round/steps.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr int timeline_shown = 10;

// The district of the person: rounds belong to a whole district.
std::optional<engine::Place> district_of(const View& view) {
    const auto found = view.app.places.within(view.viewer().scopes, "district", "", 1, "");
    return found.empty() ? std::nullopt : std::optional(found.front());
}

const engine::Definition& round_workflow(const App& app) {
    const auto* definition = app.registry.newest(workflows::round::workflow_key);
    if (!definition) not_found();
    return *definition;
}

// The command that announces a round: the one that opens its case.
const engine::CommandInfo& announcing(const App& app) {
    const auto& info = round_workflow(app).info();
    for (const auto& row : info.rows)
        if (row.from == engine::not_opened) return *info.command(row.command);
    not_found();
}

bool may_announce(const View& view) {
    const auto who = round_workflow(view.app).info().who_may(engine::not_opened, announcing(view.app).key);
    return std::any_of(who.begin(), who.end(), [&](const auto& role) { return view.viewer().has_role(role); });
}

void put_due_dates(Json& model, const Json& facts) {
    for (const auto& step : workflows::round_steps) {
        const std::string field(step.due_field);
        model[field] = facts.value(field, "");
    }
}

Response new_round_page(View& view, const engine::Place& district, const Typed& typed, const engine::PersonId& as,
                        const std::string& key, const engine::Refusal& refusal, int status) {
    view.title(view.t("page.rounds.new")).crumb("/rounds", view.t("page.rounds.title"));
    auto fields = inputs_for(view, round_workflow(view.app), announcing(view.app), typed, district);
    mark_errors(view, fields, refusal);
    put_acting_field(view, fields, as);
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

} // namespace

Response show_rounds(App& app, const Request& request) {
    View view(app, request);
    db::CaseFilter filter;
    filter.definition = workflows::round::workflow_key;
    filter.sort = "-opened";
    filter.cursor = request.asked("cursor");
    const auto found = view.reading().list(filter);
    view.want_numbers(found.rows);
    auto rows = Json::array();
    for (const auto& row : found.rows) {
        auto card = case_card(view, row);
        put_due_dates(card, row.facts);
        rows.push_back(std::move(card));
    }
    auto& model = view.model;
    view.title(view.t("page.rounds.title"));
    model["has_rows"] = !rows.empty();
    model["rows"] = std::move(rows);
    model["pages"] = list_pages(view, found.rows.size(), found.total, found.next_cursor);
    model["can_open"] = may_announce(view);
    model["empty"] = {{"empty_text", view.t("page.rounds.empty")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("rounds");
}

Response show_round(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto as = acting_for(view, request.asked("as"));
    const auto found = view.reading().offers(id, as);
    if (!found || found->row.definition != workflows::round::workflow_key) not_found();
    const auto& row = found->row;
    const auto events = view.reading().newest(id, timeline_shown);

    struct Town {
        std::string name;
        std::map<std::string, std::int64_t> states;
        std::int64_t total = 0;
    };
    std::map<std::string, Town> towns;
    Town all;
    for (const auto& progress : view.reading().round_progress(id.text)) {
        auto& town = towns[progress.place_code];
        town.name = progress.place_name;
        for (auto* one : {&town, &all}) {
            one->states[progress.state] += progress.count;
            one->total += progress.count;
        }
    }
    const auto cases_of = std::string(round_workflow(app).presentation().batch_of);
    const auto* opened_cases = app.registry.newest(cases_of);
    if (!opened_cases) not_found();
    const auto line = engine::main_line_of(*opened_cases);
    const std::string first(line.front()); // where nothing was handed in yet
    std::vector<std::string> columns;
    for (const auto state : engine::states_in_order(*opened_cases))
        if (all.states.contains(std::string(state))) columns.emplace_back(state);
    auto heads = Json::array(), rows = Json::array();
    for (const auto& state : columns) heads.push_back({{"state_text", state_name(view.language(), cases_of, state)}});
    const auto add = [&](const std::string& code, const Town& town) {
        auto cells = Json::array();
        for (const auto& state : columns) {
            const auto count = town.states.contains(state) ? town.states.at(state) : 0;
            cells.push_back({{"count", std::to_string(count)},
                             {"cell_label", state_name(view.language(), cases_of, state)},
                             {"href", count > 0 ? Json(with_word(list_href(app, cases_of), "round=" + encode(id.text)) +
                                                       "&state=" + state + (code.empty() ? "" : "&place=" + code))
                                                : Json(false)}});
        }
        const auto waiting = town.states.contains(first) ? town.states.at(first) : 0;
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
    view.title(case_title(view, row)).crumb("/rounds", view.t("page.rounds.title"));
    model["case"] = case_card(view, row);
    put_due_dates(model, row.facts);
    model["has_towns"] = !rows.empty();
    model["heads"] = std::move(heads);
    model["towns"] = std::move(rows);
    put_tasks(view, model, *found, as);
    put_acting(view, row, as);
    model["receipt"] = receipt(view, row, request.asked("receipt"));
    const auto opened = request.asked("opened"), passed = request.asked("passed");
    const bool numbers = !opened.empty() && (opened + passed).find_first_not_of("0123456789") == std::string::npos &&
                         opened.size() < 7 && passed.size() < 7;
    if (numbers) view.flash("good", view.t("page.rounds.opened", {{"opened", opened}, {"passed", passed}}));
    show_what_is_gone(view, row);
    model["timeline"] = timeline(view, row, events, timeline_shown);
    model["empty"] = {{"empty_text", view.t("page.rounds.no_cases")}, {"empty_href", false}, {"empty_link", false}};
    return view.page("round");
}

Response show_new_round(App& app, const Request& request) {
    View view(app, request);
    const auto district = district_of(view);
    if (!district) not_found();
    const auto openings = openings_at(view, round_workflow(app).info().key, district->code);
    return new_round_page(view, *district, proposed_dates(app, round_workflow(app), announcing(app).key),
                          openings.empty() ? engine::PersonId{} : openings[0].as, new_key(), {}, 200);
}

Response open_round(App& app, const Request& request) {
    View view(app, request);
    auto command = command_from_form(request);
    const auto district = district_of(view);
    if (!district) {
        const auto all = app.places.within({"/"}, "district", "", 1, "");
        command.definition = workflows::round::workflow_key;
        command.name = announcing(app).key;
        command.place_code = all.empty() ? "" : all.front().code;
        turn_away(app, request, command);
    }
    const auto form = read_form(app, request, announcing(app).fields);
    const auto as = acting_for(view, command.on_behalf_of.text);
    if (request.review) return new_round_page(view, *district, form.typed, as, command.idempotency_key, {}, 200);
    command.place_code = district->code;
    command.payload = form.payload;
    command.objections = form.refusal;
    command.expected_version.reset();
    command.request_id = request.id;
    const auto opened = rounds::open(app, view.viewer(), command, [&](engine::CommandRequest one) {
        return execute(app, request, std::move(one), 303);
    });
    if (opened.outcome.kind != engine::Outcome::Kind::accepted) {
        if (opened.outcome.kind == engine::Outcome::Kind::not_found) not_found();
        // What was refused stays refused under its key: the next try has its own.
        return new_round_page(view, *district, form.typed, as, new_key(), opened.outcome.refusal, 422);
    }
    const auto passed = std::count_if(opened.receipts.begin(), opened.receipts.end(),
                                      [](const auto& receipt) { return receipt.case_id.empty(); });
    return Response::redirect(href_as("/rounds/" + opened.outcome.case_id.text + "?receipt=1&opened=" +
                                          std::to_string(static_cast<std::ptrdiff_t>(opened.receipts.size()) - passed) +
                                          "&passed=" + std::to_string(passed),
                                      as));
}

} // namespace cunmai::http::pages
