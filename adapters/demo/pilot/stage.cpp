#include "adapters/demo/pilot/stage.hpp"

#include "adapters/telemetry/terminal.hpp"
#include "adapters/words/texts.hpp"

#include <atomic>
#include <exception>
#include <thread>

namespace cunmai::pilot {

namespace {

constexpr int connections = 2;

engine::Date date_of(const Json& clock) {
    const auto date = engine::parse_date(clock.at("today").get<std::string>());
    if (!date) throw Unexpected("the clock says no date: " + clock.dump());
    return *date;
}

} // namespace

Stage::Stage(const Options& given) : options(given), sign_ins(given.password), api(given.server, sign_ins) {
    const auto clock = api.send(story.panel_leader(), "GET", "/demo/clock");
    if (clock.says("demo_only"))
        throw Unreachable(texts::text(options.language, "pilot.no_demo_server", {{"server", options.server}}));
    if (!clock.ok()) throw Unreachable("GET /demo/clock: " + clock.brief());
    start_ = date_of(clock.body);
    catalogue = api.get(story.panel_leader(), "/catalogue");
}

std::vector<const Tale*> Stage::tales(const std::function<bool(const Tale&)>& wanted) const {
    std::vector<const Tale*> some;
    for (const auto& tale : story.tales())
        if (!wanted || wanted(tale)) some.push_back(&tale);
    return some;
}

const Tale& Stage::the_tale(const std::string& twist) const {
    const auto found = tales([&](const Tale& tale) { return tale.has(twist); });
    if (found.empty()) throw std::logic_error("no village's story has " + twist);
    return *found.front();
}

void Stage::each(const std::string& step, std::size_t count, const Work& work) {
    std::optional<cli::ProgressBar> bar;
    if (!options.quiet) bar.emplace(texts::text(options.language, "pilot.step." + step));
    std::atomic<std::size_t> next{0};
    std::mutex mutex; // guards done, failure, the bar
    std::size_t done = 0;
    std::exception_ptr failure;
    const auto run = [&] {
        try {
            ApiClient client(options.server, sign_ins);
            for (auto index = next++; index < count; index = next++) {
                work(client, index);
                const std::lock_guard lock(mutex);
                if (bar) bar->show(static_cast<std::int64_t>(++done), static_cast<std::int64_t>(count));
            }
        } catch (...) {
            next = count; // the others stop after what they have in hand
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    for (int number = 0; number < connections; ++number) threads.emplace_back(run);
    for (auto& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
}

void Stage::each(const std::string& step, const std::vector<const Tale*>& some,
                 const std::function<void(ApiClient&, const Tale&)>& work) {
    each(step, some.size(), [&](ApiClient& client, std::size_t index) { work(client, *some[index]); });
}

void Stage::go_to_day(int day) {
    const auto login = story.panel_leader();
    if (day > day_) {
        // To eight in the morning: whatever is due on that day is due by then, and no midnight falls into the work.
        const auto target = engine::start_of_day(engine::add_days(start_, day)).plus_seconds(8 * 3600);
        const auto moved = api.send(login, "PUT", "/demo/clock", {{"now", engine::to_iso(target)}});
        if (!moved.ok()) throw Unexpected("PUT /demo/clock: " + moved.brief());
        sign_ins.forget_tokens();
        day_ = day;
    }
    api.post(login, "/demo/settle", {});
}

std::string Stage::date(int day) const { return engine::to_text(engine::add_days(start_, day)); }

std::string Stage::evidence(ApiClient& client, const std::string& login, const std::string& about) {
    static std::atomic<int> number{0};
    const auto content = text("evidence") + " " + about + " " + today() + " " + std::to_string(++number) + "\n";
    return client.upload(login, text("evidence") + ".txt", "text/plain", content);
}

} // namespace cunmai::pilot
