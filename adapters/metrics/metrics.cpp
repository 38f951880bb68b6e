#include "adapters/metrics/metrics.hpp"

#include "adapters/telemetry/log.hpp"
#include "engine/outcome.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <limits>
#include <list>
#include <mutex>
#include <sstream>

namespace cunmai {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using Steady = std::chrono::steady_clock;

const prometheus::Histogram::BucketBoundaries sizes{1, 2, 4, 8, 16, 32, 64, 128, 256};
const prometheus::Histogram::BucketBoundaries seconds_of_commit{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                0.1,    0.25,  0.5,    1,     2.5,  5};
const prometheus::Histogram::BucketBoundaries seconds_of_answer{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                0.1,   0.25,   0.5,   1,    2.5,   10};

template <class Builder>
auto& family(Builder builder, const char* name, const char* help, prometheus::Registry& registry) {
    return builder.Name(name).Help(help).Register(registry);
}

double age(engine::Instant since, engine::Instant now) {
    return since.micros < now.micros ? static_cast<double>(now.micros - since.micros) / 1e6 : 0;
}

} // namespace

class Metrics::Impl {
    prometheus::Gauge& gauge(const char* name, const char* help) {
        return family(BuildGauge(), name, help, registry).Add({});
    }

  public:
    prometheus::Registry registry; // first: the families live in it
    prometheus::Family<prometheus::Counter>&commands =
        family(BuildCounter(), "cunmai_commands_total", "Commands given, by definition and outcome", registry),
    &requests = family(BuildCounter(), "cunmai_http_requests_total",
                       "Requests answered, by method, route template and status", registry),
    &refused = family(BuildCounter(), "cunmai_http_connections_refused_total",
                      "Connections turned away at the door, by reason", registry),
    &timers = family(BuildCounter(), "cunmai_timers_total", "Timers that came due, by outcome", registry),
    &retries = family(BuildCounter(), "cunmai_retries_total", "Transactions run again, by cause", registry);
    prometheus::Counter& passwords =
        family(BuildCounter(), "cunmai_password_checks_total", "Argon2id computations at sign-in", registry).Add({});
    prometheus::Counter& switches = family(BuildCounter(), "cunmai_database_switches_total",
                                           "Changes of the database node that is written to", registry)
                                        .Add({});
    prometheus::Histogram& batch_sizes =
        family(BuildHistogram(), "cunmai_batch_commands", "Commands that shared one commit", registry).Add({}, sizes);
    prometheus::Histogram& commits =
        family(BuildHistogram(), "cunmai_commit_seconds", "Time of one durable commit", registry)
            .Add({}, seconds_of_commit);
    prometheus::Histogram& answers = family(BuildHistogram(), "cunmai_http_request_seconds",
                                            "Time from the whole head to the whole answer", registry)
                                         .Add({}, seconds_of_answer);
    prometheus::Gauge &up = gauge("cunmai_database_up", "1: the database could be read just now"),
                      &timers_due = gauge("cunmai_timers_due", "Timers that are due and have not fired"),
                      &timer_late = gauge("cunmai_timer_late_seconds", "How late the oldest due timer is"),
                      &notices = gauge("cunmai_outbox_waiting", "Notices that wait in the outbox"),
                      &notice_age = gauge("cunmai_outbox_age_seconds", "Age of the oldest waiting notice"),
                      &mails = gauge("cunmai_mails_waiting", "Mails that wait to be sent"),
                      &dead = gauge("cunmai_deliveries_dead", "Notices and mails that were given up"),
                      &sessions = gauge("cunmai_sessions", "Sessions in force"),
                      &uptime = gauge("cunmai_uptime_seconds", "Time since the start of this process");
    const Steady::time_point started = Steady::now();

    struct Watched {
        prometheus::Family<prometheus::Gauge>& family;
        prometheus::Gauge& gauge;
        std::function<double()> ask;
    };
    std::mutex mutex;
    std::list<Watched> watched; // with the mutex
};

// A series that appears with its first event hides that event from rate(): those that are watched begin at 0.
Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
    for (const auto* cause : {"deadlock", "lock_wait", "certification", "changed", "session_lost", "batch", "trigger",
                              "lost_race", "unknown_commit"})
        impl_->retries.Add({{"cause", cause}});
    for (const auto* outcome : {"fired", "failed", "not_wanted"}) impl_->timers.Add({{"outcome", outcome}});
}
Metrics::~Metrics() = default;

void Metrics::command(std::string_view definition, std::string_view outcome) {
    impl_->commands.Add({{"definition", std::string(definition)}, {"outcome", std::string(outcome)}}).Increment();
}

void Metrics::request(std::string_view method, std::string_view route, int status, double seconds) {
    impl_->requests
        .Add({{"method", std::string(method)}, {"route", std::string(route)}, {"status", std::to_string(status)}})
        .Increment();
    impl_->answers.Observe(seconds);
}

void Metrics::connection_refused(std::string_view why) {
    impl_->refused.Add({{"reason", std::string(why)}}).Increment();
}

void Metrics::password_checked() { impl_->passwords.Increment(); }

void Metrics::timers_due(std::size_t due, std::size_t fired, std::size_t failed) {
    const auto add = [&](const char* outcome, std::size_t count) {
        impl_->timers.Add({{"outcome", outcome}}).Increment(static_cast<double>(count));
    };
    add("fired", fired);
    add("failed", failed);
    add("not_wanted", due - fired - failed);
}

void Metrics::batch(int commands, double commit_seconds) {
    impl_->batch_sizes.Observe(commands);
    impl_->commits.Observe(commit_seconds);
}

void Metrics::retried(std::string_view cause) { impl_->retries.Add({{"cause", std::string(cause)}}).Increment(); }

void Metrics::node_switched(const std::string& from, const std::string& to, const std::string& why) {
    impl_->switches.Increment();
    log::warning("database_switched", {{"from", from}, {"to", to}, {"why", why}});
}

Metrics::Watch Metrics::watch(const std::string& name, const std::string& help, std::function<double()> ask) {
    auto& family = BuildGauge().Name(name).Help(help).Register(impl_->registry);
    std::lock_guard lock(impl_->mutex);
    const auto mine = impl_->watched.insert(impl_->watched.end(), {family, family.Add({}), std::move(ask)});
    return {this, [this, mine](void*) {
                std::lock_guard own(impl_->mutex);
                impl_->registry.Remove(mine->family);
                impl_->watched.erase(mine);
            }};
}

void Metrics::waiting_work(const std::optional<db::Backlog>& backlog, engine::Instant now) {
    impl_->up.Set(backlog ? 1 : 0);
    const auto show = [&](prometheus::Gauge& gauge, const std::function<double(const db::Backlog&)>& number) {
        gauge.Set(backlog ? number(*backlog) : std::numeric_limits<double>::quiet_NaN());
    };
    const auto count = [](std::int64_t number) { return static_cast<double>(number); };
    show(impl_->timers_due, [&](const auto& b) { return count(b.timers_due); });
    show(impl_->timer_late, [&](const auto& b) { return b.timers_due > 0 ? age(b.oldest_timer, now) : 0; });
    show(impl_->notices, [&](const auto& b) { return count(b.notices_waiting); });
    show(impl_->notice_age, [&](const auto& b) { return b.notices_waiting > 0 ? age(b.oldest_notice, now) : 0; });
    show(impl_->mails, [&](const auto& b) { return count(b.mails_waiting); });
    show(impl_->dead, [&](const auto& b) { return count(b.deliveries_dead); });
    show(impl_->sessions, [&](const auto& b) { return count(b.sessions); });
}

std::string Metrics::text() const {
    std::lock_guard lock(impl_->mutex);
    impl_->uptime.Set(std::chrono::duration<double>(Steady::now() - impl_->started).count());
    for (auto& one : impl_->watched) one.gauge.Set(one.ask());
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, impl_->registry.Collect());
    return out.str();
}

engine::Outcome CountedService::counted(const std::string& definition,
                                        const std::function<engine::Outcome()>& command) {
    const auto failed = [&](const char* how) { metrics_.command(definition.empty() ? "unknown" : definition, how); };
    try {
        auto outcome = command();
        const auto& of = outcome.definition.empty() ? definition : outcome.definition;
        metrics_.command(of.empty() ? "unknown" : of, outcome.replayed ? "replayed" : engine::name_of(outcome.kind));
        return outcome;
    } catch (const engine::Busy&) {
        failed("busy");
        throw;
    } catch (const engine::StoreUnavailable& unavailable) {
        failed(unavailable.outcome_unknown ? "outcome_unknown" : "unavailable");
        throw;
    } catch (...) {
        failed("fault");
        throw;
    }
}

engine::Outcome CountedService::execute(const engine::CommandRequest& request) {
    // What a stranger typed must not become a label.
    const auto* known = request.definition.empty() ? nullptr : registry_.newest(request.definition);
    return counted(known ? request.definition : "", [&] { return CaseService::execute(request); });
}

engine::Outcome CountedService::fire(const engine::CaseId& case_id, const std::string& timer_key,
                                     const std::string& command) {
    return counted("", [&] { return CaseService::fire(case_id, timer_key, command); });
}

std::size_t CountedService::fire_all(const std::vector<engine::Firing>& due,
                                     const std::function<void(const engine::Firing&, const std::exception&)>& failed) {
    std::size_t failures = 0;
    const auto fired = CaseService::fire_all(due, [&](const engine::Firing& firing, const std::exception& error) {
        ++failures;
        failed(firing, error);
    });
    metrics_.timers_due(due.size(), fired, failures);
    return fired;
}

} // namespace cunmai
