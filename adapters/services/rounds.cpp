#include "adapters/services/rounds.hpp"

#include "adapters/services/commands.hpp"
#include "engine/fingerprint.hpp"
#include "workflows/screening_round/screening_round.hpp"
#include "workflows/screening_round/steps.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

#include <algorithm>

namespace cunmai::rounds {

namespace {

constexpr auto round_definition = workflows::round::workflow_key;
constexpr auto case_definition = workflows::village::workflow_key;
constexpr auto opening_command = workflows::village::Open::key;

std::string announcing_command(const App& app) {
    const auto* definition = app.registry.newest(round_definition);
    if (!definition) throw std::logic_error("no screening rounds in this program");
    for (const auto& row : definition->info().rows)
        if (row.from == engine::not_opened) return row.command;
    throw std::logic_error("a screening round can't be opened");
}

// The places whose villages take part: the chosen towns of the district, or the district.
std::vector<std::string> scopes_of(App& app, const engine::Place& district, const Json& payload, engine::Refusal& why) {
    std::vector<std::string> scopes;
    const auto towns = payload.find("towns");
    if (towns == payload.end() || !towns->is_array() || towns->empty()) return {district.path};
    for (const auto& code : *towns) {
        const auto town = code.is_string() ? app.places.find(code.get<std::string>()) : std::nullopt;
        if (!town || town->parent != district.code)
            why.add_for("towns", "unknown_place", {{"place", code}});
        else
            scopes.push_back(town->path);
    }
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    return scopes;
}

std::vector<engine::Place> villages_within(App& app, const std::vector<std::string>& scopes) {
    constexpr int page = 200;
    std::vector<engine::Place> all;
    for (std::string after;;) {
        const auto some = app.places.within(scopes, "village", "", page, after);
        all.insert(all.end(), some.begin(), some.end());
        if (some.size() < page) return all;
        after = some.back().code;
    }
}

Json due_dates(const Json& payload) {
    Json dates = Json::object();
    for (const auto& step : workflows::round_steps) {
        const std::string field(step.due_field);
        if (payload.contains(field)) dates[field] = payload[field];
    }
    return dates;
}

Receipt open_one(App& app, const engine::Viewer& viewer, const engine::Place& village, engine::CommandRequest command,
                 const std::string& idempotency_key) {
    command.place_code = village.code;
    command.idempotency_key = "round-" + sha256_hex(idempotency_key + "\n" + village.code);
    const auto outcome = commands::give(app, viewer, std::move(command));
    Receipt receipt{village.code, village.name, {}, ""};
    if (outcome.kind == engine::Outcome::Kind::accepted)
        receipt.case_id = outcome.case_id;
    else if (!outcome.refusal.empty())
        receipt.passed_over = outcome.refusal.reasons().front().code;
    else
        receipt.passed_over = "not_found";
    return receipt;
}

} // namespace

Opened open(App& app, const engine::Viewer& viewer, engine::CommandRequest announcement, const Give& give) {
    Opened opened;
    std::vector<std::string> scopes;
    if (const auto district = app.places.find(announcement.place_code))
        scopes = scopes_of(app, *district, announcement.payload, announcement.objections);
    announcement.definition = round_definition;
    announcement.name = announcing_command(app);
    opened.outcome = give(announcement);
    if (opened.outcome.kind != engine::Outcome::Kind::accepted) return opened;

    engine::CommandRequest opening;
    opening.definition = case_definition;
    opening.batch = opened.outcome.case_id.text;
    opening.name = opening_command;
    opening.payload = due_dates(announcement.payload);
    opening.on_behalf_of = announcement.on_behalf_of;
    opening.request_id = announcement.request_id;
    for (const auto& village : villages_within(app, scopes))
        opened.receipts.push_back(open_one(app, viewer, village, opening, announcement.idempotency_key));
    return opened;
}

} // namespace cunmai::rounds
