// One simulated server: an engine over the shared store with a clock of its own, and workers for timers and outbox that
// do one small step when they are told to. What adapters/notify does in a loop happens here step by step, so
// that another server, a crash or a jump of the clock can come between any two.
#pragma once

#include "engine/case_service.hpp"
#include "tests/simulation/store.hpp"
#include "tests/simulation/trace.hpp"

namespace cunmai::simulation {

class ServerClock final : public engine::Clock {
  public:
    explicit ServerClock(const Instant& true_now) : true_now_(true_now) {}
    Instant now() const override { return true_now_.plus_seconds(skew_seconds); }
    std::int64_t skew_seconds = 0;

  private:
    const Instant& true_now_;
};

// The receiver of mails: gets each mail at least once, and recognises it by its id.
using FarEnd = std::map<std::string, int>; // id → deliveries

class Server {
  public:
    Server(std::string name, StoreWorld& shared, const Instant& true_now, FarEnd& far_end, Trace& trace);

    engine::CaseService& service() { return service_; }
    ServerClock& clock() { return clock_; }
    const std::string& name() const { return name_; }
    bool has(const engine::Store& store) const { return &store == &store_; }

    // Each returns whether there was anything to do.
    bool timer_step();
    bool outbox_step();
    bool mail_step();
    void restart(); // forgets its unfinished work; leases run on

  private:
    bool crashes(const char* where);

    std::string name_;
    StoreWorld& s_;
    ServerClock clock_;
    SimulatedStore store_;
    engine::CaseService service_;
    FarEnd& far_end_;
    Trace& trace_;

    std::vector<engine::Firing> timers_;
    std::vector<ClaimedNotice> notices_;
    std::size_t told_ = 0; // how many people of the first of notices_ have been told
    std::vector<ClaimedMail> mails_;
};

constexpr int lease_seconds = 60;

} // namespace cunmai::simulation
