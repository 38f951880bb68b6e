#include "tests/simulation/simulation.hpp"

#include "engine/replay.hpp"

#include <algorithm>

namespace cunmai::simulation {

using namespace engine;

namespace {

constexpr int servers = 3;

std::string text_of(const Outcome& outcome) {
    auto text = std::to_string(static_cast<int>(outcome.kind)) + ' ' + outcome.case_id.text + ' ' + outcome.state +
                ' ' + std::to_string(outcome.version) + (outcome.replayed ? " again" : "");
    for (const auto& reason : outcome.refusal.reasons()) text += ' ' + reason.code;
    return text;
}

} // namespace

bool Result::found(const std::string& oracle) const {
    return std::any_of(failures.begin(), failures.end(),
                       [&](const auto& failure) { return failure.rfind(oracle + ": ", 0) == 0; });
}

Simulation::Simulation(Backend& backend, Options options, Instant now, FarEnd far_end,
                       std::shared_ptr<const Kept> before)
    : backend_(backend), options_(std::move(options)), dice_(options_.seed), now_(now),
      far_end_(std::move(far_end)), store_world_{
                                        .backend = backend,
                                        .dice = dice_,
                                        .plan = options_.plan,
                                        .true_now = [this] { return now_; },
                                        .something_else = [this] { step(); },
                                        .another_command = [this](const Store& store) { another_command(store); }},
      officers_(backend, dice_) {
    for (int i = 1; i <= servers; ++i)
        servers_.push_back(
            std::make_unique<Server>("server" + std::to_string(i), store_world_, now_, far_end_, trace_));
    if (options_.clocks_go_wrong)
        for (auto& server : servers_) {
            static constexpr std::int64_t skews[] = {0, 0, 1, -2, 30, -3600, 3600, -day_seconds, day_seconds};
            server->clock().skew_seconds = skews[dice_.below(std::size(skews))];
            skew_max_ = std::max(skew_max_, server->clock().skew_seconds);
        }
    before_ = before ? std::move(before) : std::make_shared<const Kept>(backend.kept());
    trace_.keep_all = options_.keep_trace;
}

Result Simulation::run() {
    for (int i = 0; i < options_.steps; ++i) {
        step();
        if (options_.enough && options_.enough()) break;
    }
    if (!come_to_rest()) failures_.push_back("rest: the servers find no end");
    const auto kept = backend_.kept();
    const auto found = check({kept, log_, store_world_.true_times, far_end_, now_, true, skew_max_, *before_});
    failures_.insert(failures_.end(), found.begin(), found.end());
    for (const auto& [id, row] : kept.rows) trace_.add(id.text + ' ' + row.head_hash);
    for (const auto& [person, key] : kept.inbox) trace_.add(person + ' ' + key.text);
    return {failures_, trace_.hash(), {trace_.last().begin(), trace_.last().end()}, store_world_.counts};
}

// Lets one thing happen. It may be called while a step is running: see SimulatedStore.
void Simulation::step() {
    const auto kind = dice_.below(100);
    if (kind < 44)
        new_wish();
    else if (kind < 54)
        deliver_any();
    else if (kind < 66)
        any_server().timer_step();
    else if (kind < 80)
        any_server().outbox_step();
    else if (kind < 92)
        any_server().mail_step();
    else
        let_time_pass();
}

void Simulation::another_command(const Store& store) {
    auto* const before = crowded_;
    for (auto& server : servers_)
        if (server->has(store)) crowded_ = server.get();
    if (dice_.chance(900))
        new_wish();
    else
        any_server().timer_step();
    crowded_ = before;
}

void Simulation::let_time_pass() {
    const auto kind = dice_.below(20);
    if (kind < 10)
        now_ = now_.plus_seconds(dice_.between(1, 90));
    else if (kind < 15)
        now_ = now_.plus_seconds(dice_.between(600, 6 * 3600));
    else if (kind < 17)
        now_ = now_.plus_seconds(day_seconds);
    else if (kind < 18) {
        if (const auto due = backend_.next_due(); due && *due > now_) now_ = *due; // to the exact moment
    } else if (kind < 19)
        now_ = now_.plus_seconds(7 * day_seconds);
    else if (options_.clocks_go_wrong) { // an operator changes a clock
        auto& clock = any_server().clock();
        clock.skew_seconds = std::clamp<std::int64_t>(clock.skew_seconds + (dice_.chance(500) ? 3600 : -3600),
                                                      -day_seconds, day_seconds);
        skew_max_ = std::max(skew_max_, clock.skew_seconds);
    }
    trace_.add("now " + to_iso(now_));
}

void Simulation::new_wish() {
    auto& server = any_server();
    auto request = officers_.wish(server.service(), server.clock().now(), options_.legal);
    auto key = options_.key_prefix + std::to_string(++keys_);
    if (!options_.legal && !log_.empty() && dice_.chance(15)) { // another body under a used key must be refused
        auto used = log_.begin();
        std::advance(used, static_cast<std::ptrdiff_t>(dice_.below(log_.size())));
        if (used->second.accepted > 0) {
            request.actor = used->second.request.actor;
            request.idempotency_key = used->first;
            request.payload["other"] = true;
            try {
                const auto outcome = server.service().execute(request);
                if (outcome.kind != Outcome::Kind::key_reused)
                    failures_.push_back("key: another body under " + used->first + " got " + text_of(outcome));
            } catch (const StoreUnavailable&) {
            } catch (const WorkBroken&) {
            } catch (const ServerCrashed&) { server.restart(); }
            return;
        }
    }
    request.idempotency_key = request.request_id = key;
    trace_.add(key + ' ' + request.actor.text + ' ' + request.name + ' ' + request.case_id.text + ' ' +
               request.payload.dump());
    log_[key].request = std::move(request);
    if (options_.legal || dice_.chance(750)) {
        if (!options_.legal && dice_.chance(80)) network_.push_back({key}); // the network duplicates it
        deliver({key});
    } else
        network_.push_back({key});
}

void Simulation::deliver_any() {
    if (network_.empty()) return;
    const auto at = dice_.below(network_.size());
    const auto message = network_[at];
    network_.erase(network_.begin() + static_cast<std::ptrdiff_t>(at));
    deliver(message);
}

void Simulation::deliver(const Message& message) {
    auto& server = any_server();
    const auto request = log_.at(message.key).request;
    std::string line = server.name() + " <- " + message.key + ": ";
    try {
        const auto outcome = server.service().execute(request);
        note(message.key, outcome);
        line += text_of(outcome);
        if (!options_.legal && dice_.chance(100)) { // the answer is lost: the client asks again
            network_.push_back(message);
            line += " (lost)";
        }
    } catch (const StoreUnavailable& fault) {
        if (fault.outcome_unknown) ++log_.at(message.key).unknown;
        if (options_.plan.bug != Bug::answer_given_up) network_.push_back(message);
        line += fault.what();
    } catch (const ServerCrashed&) {
        ++log_.at(message.key).unknown;
        server.restart();
        network_.push_back(message);
        line += "dies";
    } catch (const WorkBroken& bug) {
        ++log_.at(message.key).denied;
        line += bug.what();
    } catch (const std::exception& error) {
        failures_.push_back("broken: " + message.key + ' ' + request.name + ": " + error.what());
        ++log_.at(message.key).denied;
    }
    trace_.add(line);
}

void Simulation::note(const std::string& key, const Outcome& outcome) {
    auto& asked = log_.at(key);
    if (outcome.kind != Outcome::Kind::accepted) {
        if (asked.accepted > 0) failures_.push_back("acknowledged: " + key + " was accepted, then " + text_of(outcome));
        asked.refused = asked.refused || outcome.kind != Outcome::Kind::conflict;
        ++asked.denied;
        ++store_world_.counts["denied"];
        for (const auto& reason : outcome.refusal.reasons()) ++store_world_.counts["denied: " + reason.code];
        return;
    }
    if (asked.refused) failures_.push_back("denied: " + key + " was refused, then " + text_of(outcome));
    ++store_world_.counts[outcome.replayed ? "accepted again" : "accepted"];
    if (asked.accepted++ == 0) {
        asked.first = outcome;
        return;
    }
    const auto& first = asked.first;
    if (first.case_id != outcome.case_id || first.version != outcome.version || first.state != outcome.state ||
        first.created != outcome.created)
        failures_.push_back("done_twice: " + key + " got " + text_of(first) + ", then " + text_of(outcome));
}

// Without further faults every client gets its answer, every lease ends, and everything due is done.
bool Simulation::come_to_rest() {
    const auto bug = options_.plan.bug;
    options_.plan = FaultPlan::none();
    if (bug == Bug::timer_fires_early || bug == Bug::timer_forgotten) options_.plan.bug = bug;
    for (auto& server : servers_) server->clock().skew_seconds = 0;
    for (int round = 0; round < 50; ++round) {
        while (!network_.empty()) deliver_any();
        bool worked = false;
        for (auto& server : servers_) {
            for (int i = 0; i < 2000 && server->timer_step(); ++i) worked = true;
            for (int i = 0; i < 20'000 && server->outbox_step(); ++i) worked = true;
            for (int i = 0; i < 20'000 && server->mail_step(); ++i) worked = true;
        }
        if (!worked && round > 0) return true;
        now_ = now_.plus_seconds(round == 0 ? day_seconds + 2 * lease_seconds : lease_seconds + 1); // leases end
    }
    return false;
}

Instant live(Backend& backend, FarEnd& far_end) {
    Options options;
    options.seed = 27; // a seed that leaves cases in many states, and a secret ballot open
    options.steps = 2'000;
    options.plan = FaultPlan::none();
    options.clocks_go_wrong = false;
    options.legal = true;
    options.key_prefix = "old";
    options.enough = [&backend] {
        std::set<std::string> states;
        for (const auto& one : backend.cases()) states.insert(one.state);
        return states.contains("follow_up") && states.contains("exit_review") && states.contains("managed") &&
               states.contains("in_progress") && states.contains("in_session") && states.contains("self_check") &&
               (states.contains("committee_approval") || states.contains("exit_approval"));
    };
    Simulation simulation(backend, options, first_day, {});
    const auto result = simulation.run();
    if (!result.failures.empty()) throw std::runtime_error("a district without faults: " + result.failures.front());
    far_end = simulation.far_end();
    return simulation.now();
}

Lived a_life() {
    MemoryBackend backend;
    Lived one;
    one.now = live(backend, one.far_end);
    one.tables = backend.tables();
    one.kept = std::make_shared<const Kept>(backend.kept());
    return one;
}

const Lived& lived_district() {
    static const Lived lived = [] {
        auto one = a_life();
        // History that was checked and delivered would only be copied for each seed; of old cases the rows suffice.
        one.tables.events.clear();
        one.tables.replies.clear();
        one.tables.notices.clear();
        one.tables.inbox.clear();
        one.tables.mails.clear();
        one.far_end.clear();
        one.kept = std::make_shared<const Kept>(MemoryBackend(one.tables).kept());
        return one;
    }();
    return lived;
}

Result simulate(std::uint64_t seed, const FaultPlan& plan, bool keep_trace, int steps) {
    const auto& lived = lived_district();
    MemoryBackend backend(lived.tables);
    backend.inbox_takes_twice = plan.bug == Bug::notice_told_twice;
    Options options;
    options.seed = seed;
    options.steps = steps;
    options.plan = plan;
    options.keep_trace = keep_trace;
    return Simulation(backend, options, lived.now, lived.far_end, lived.kept).run();
}

} // namespace cunmai::simulation
