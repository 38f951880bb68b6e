// Deciding alone: a machine is made, restored to the case's state, asked whether this officer may give this command
// now, and returns the decision. The ceiling is an empty machine of Boost.MSM that is restored and takes one event.
// Measured by Google Benchmark.
#include "engine/registry.hpp"
#include "tests/bench/rows.hpp"
#include "workflows/all.hpp"

#include <benchmark/benchmark.h>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <map>

namespace cunmai::bench {

namespace {

namespace msm = boost::msm;

struct Go {};
struct Here : msm::front::state<> {};
struct There : msm::front::state<> {};
struct EmptyFront : msm::front::state_machine_def<EmptyFront> {
    using initial_state = Here;
    using no_exception_thrown = int;
    using no_message_queue = int;
    using transition_table = boost::mpl::vector<msm::front::Row<Here, Go, There>, msm::front::Row<There, Go, Here>>;
};
using EmptyMachine = msm::back::state_machine<EmptyFront>;

// An archive for MSM's serialisation that handles the ids of the states and nothing else.
struct OneState {
    int id;
    template <class T> OneState& operator&(T& value) {
        if constexpr (std::is_array_v<T>) value[0] = id;
        return *this;
    }
};

void empty_dispatch(benchmark::State& state) {
    int id = 0;
    for (auto _ : state) {
        EmptyMachine machine;
        OneState archive{id};
        machine.serialize(archive, 0U);
        machine.process_event(Go{});
        id = machine.current_state()[0];
        benchmark::DoNotOptimize(id);
    }
}

// Keeps the medians of the repetitions, in nanoseconds.
class Collector : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const auto& run : runs)
            if (!run.error_occurred && run.run_type == Run::RT_Iteration)
                times[run.run_name.function_name].push_back(run.GetAdjustedRealTime());
    }
    std::map<std::string, std::vector<double>> times;
};

Json context_of(const std::string& role, const std::string& qualifier) {
    Json context{
        {"roles", {role}}, {"qualifiers", Json::object()}, {"relations", Json::object()}, {"today", "2026-03-01"}};
    if (!qualifier.empty()) context["qualifiers"][role] = {qualifier};
    context["required"] = {
        {"departments", {"organisation", "discipline"}}, {"interviews", 1}, {"courtyard_meetings", 1}};
    return context;
}

} // namespace

std::vector<Result> deciding(const Options& options) {
    engine::Registry registry;
    workflows::add_all(registry);
    const auto& village = *registry.newest("village_lifecycle");
    const engine::Place place{"990100001201", "示例村", "990100001", "village", "/990100/990100001/990100001201/"};
    const Json screening_facts{
        {"opened_on", "2026-01-01"}, {"targeted", true}, {"due", {{"screening_due_on", "2026-03-01"}}}};
    const Json nomination{{"category", "economy"}, {"study_record", "示例：镇党委会议研究，拟列为示例重点村"}};
    const Json supervisor = context_of("town_supervisor", "");
    Json review_facts = screening_facts;
    review_facts.update({{"category", "economy"},
                         {"nominated_by", {"p9"}},
                         {"required", supervisor.at("required")},
                         {"opinions", Json::object()},
                         {"visits", {{"interviews", 1}}}});
    const Json opinion{{"department", "organisation"}, {"opinion", "endorse"}, {"text", "示例：同意列为重点村"}};
    const Json reviewer = context_of("department_reviewer", "organisation");
    const engine::Ask nominate{{"c1"},     place,      "town_screening",        screening_facts, "nominate",
                               nomination, supervisor, {1'772'000'000'000'000}, {"p1"},          {}};
    const engine::Ask sign{{"c1"},  place,    "department_review",     review_facts, "sign_opinion",
                           opinion, reviewer, {1'772'000'000'000'000}, {"p1"},       {}};

    const auto ask = [&village](const engine::Ask& one) {
        return [&village, &one](benchmark::State& state) {
            if (village.decide(one).kind != engine::Verdict::Kind::accepted)
                return state.SkipWithError("the command is not accepted");
            for (auto _ : state) benchmark::DoNotOptimize(village.decide(one));
        };
    };
    const double min_time = options.quick ? 0.02 : 0.2;
    const int repetitions = options.pick(9, 5);
    for (auto* one : {benchmark::RegisterBenchmark("empty", empty_dispatch),
                      benchmark::RegisterBenchmark("nominate", ask(nominate)),
                      benchmark::RegisterBenchmark("sign_opinion", ask(sign))})
        one->MinTime(min_time)->Repetitions(repetitions);
    Collector collector;
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();

    std::vector<Result> results;
    const auto& empty = collector.times.at("empty");
    for (const std::string command : {"nominate", "sign_opinion"}) {
        const auto& times = collector.times.at(command);
        Pairs beside, under;
        for (std::size_t i = 0; i < times.size(); ++i) {
            beside.add(times[i], empty.at(i));
            under.add(times[i] / 1e3, 5);
        }
        results.push_back(
            beside.result(command, "an empty MSM machine, restored and sent one event", "ns", Aim::printed, 0));
        results.push_back(under.result(command, "5 µs", "µs", Aim::at_most, 1));
    }
    return results;
}

} // namespace cunmai::bench
