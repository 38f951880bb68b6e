// The worklist, a case's page and the list of cases, for an officer of each tier, as the district grows: the same
// questions asked in turn at every size. Everything lies in one district; towns stay as big as towns are.
#include "tests/bench/crowd.hpp"
#include "tests/bench/officers.hpp"
#include "tests/bench/rows.hpp"

#include <algorithm>
#include <map>

namespace cunmai::bench {

namespace {

struct District {
    std::int64_t size = 0;
    std::unique_ptr<App> app;
};

const std::vector<std::pair<std::string, std::string>> officers{// tier, role
                                                                {"village", "village_officer"},
                                                                {"town", "town_supervisor"},
                                                                {"district", "panel_leader"}};

District district_of(const std::string& folder, std::int64_t size) {
    const auto name = "lists-" + std::to_string(size) + ".db";
    District district{size, open_app(folder, name)};
    fill_places(folder + '/' + name, size);
    fill_cases(folder + '/' + name, size, Crowd::mixed);
    for (const auto& [tier, role] : officers) {
        const auto place = crowd_place(0);
        const auto code = tier == "village" ? place.village : tier == "town" ? place.town : crowd_district;
        add_officer(*district.app, {"bench-" + tier}, role, *district.app->places.find(code));
    }
    return district;
}

const std::vector<std::string> pages{"worklist", "case page", "list of cases"};

// The queries that the server makes to show the page.
void ask(App& app, const std::string& page, const std::string& tier) {
    const engine::PersonId person{"bench-" + tier};
    const auto viewer = app.viewer(person);
    if (page == "worklist") {
        app.cases.worklist(viewer, {}, "2026-06-01");
        app.cases.counts(viewer, "2026-06-01");
    } else if (page == "case page") {
        const engine::CaseId id{crowd_case(0)};
        app.cases.history(viewer, id, 0, 20);
        app.service.offers(id, person, {});
        app.cases.refusals(viewer, id, 20);
    } else {
        app.cases.list(viewer, {});
    }
}

double milliseconds(App& app, const std::string& page, const std::string& tier) {
    const Stopwatch watch;
    ask(app, page, tier);
    return watch.seconds() * 1e3;
}

std::string short_text(double value) { return std::to_string(value).substr(0, 5); }

} // namespace

std::vector<Result> lists(const Options& options) {
    const std::vector<std::int64_t> sizes = options.quick ? std::vector<std::int64_t>{1'000, 5'000, 20'000}
                                                          : std::vector<std::int64_t>{1'000, 10'000, 100'000, 500'000};
    std::vector<District> districts;
    for (const auto size : sizes) {
        say("filling a district with " + std::to_string(size) + " open cases");
        districts.push_back(district_of(options.folder.string(), size));
    }
    const int rounds = options.pick(300, 60), warm = 5;
    std::vector<Result> results;
    for (const auto& page : pages) {
        std::map<std::string, std::map<std::int64_t, std::vector<double>>> times; // tier → size → ms
        for (int round = -warm; round < rounds; ++round) {
            auto in_turn = officers; // in both directions, because the first officer finds colder caches
            if (round % 2 != 0) std::reverse(in_turn.begin(), in_turn.end());
            for (const auto& [tier, role] : in_turn)
                for (const auto& district : districts) {
                    const auto taken = milliseconds(*district.app, page, tier);
                    if (round >= 0) times[tier][district.size].push_back(taken);
                }
        }
        for (const auto& [tier, role] : officers) {
            auto& at = times[tier];
            Pairs pairs;
            for (int round = 0; round < rounds; ++round)
                pairs.add(at[sizes.back()][static_cast<std::size_t>(round)],
                          at[sizes.front()][static_cast<std::size_t>(round)]);
            auto result =
                pairs.result(page + " of a " + tier + "'s officer at " + std::to_string(sizes.back()) + " open cases",
                             "the same at " + std::to_string(sizes.front()), "ms", Aim::at_most, 1.5);
            for (const auto size : sizes)
                result.note += (result.note.empty() ? "" : ", ") + std::to_string(size) + ": " +
                               short_text(median(at[size])) + " ms";
            results.push_back(std::move(result));
        }
        Pairs tiers;
        for (int round = 0; round < rounds; ++round)
            tiers.add(times["village"][sizes.back()][static_cast<std::size_t>(round)],
                      times["district"][sizes.back()][static_cast<std::size_t>(round)]);
        results.push_back(tiers.result(page + " of a village's officer at " + std::to_string(sizes.back()),
                                       "the district's officer at the same size", "ms", Aim::at_most, 1.0));
    }
    return results;
}

} // namespace cunmai::bench
