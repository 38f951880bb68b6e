// A simulated district: several servers on one store, officers, timers, mail, faults, and time that passes at random.
// One seed decides everything, and the same seed gives the same trace, to the byte.
#pragma once

#include "tests/simulation/officers.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/tables.hpp"

#include <memory>

namespace cunmai::simulation {

struct Options {
    std::uint64_t seed = 1;
    int steps = 40;
    FaultPlan plan;
    bool clocks_go_wrong = true; // servers' clocks differ and jump
    bool legal = false;          // nothing wrong on purpose
    bool keep_trace = false;     // keeps the whole trace, not only its end
    std::string key_prefix = "k";
    std::function<bool()> enough; // asked after each step
};

struct Result {
    std::vector<std::string> failures;
    std::string trace_hash;
    std::vector<std::string> last_lines;
    std::map<std::string, std::int64_t> counts;

    bool found(const std::string& oracle) const; // a failure of this oracle
};

class Simulation {
  public:
    // `now`, `far_end`, `before`: the district at the start. Without `before` the stored state is read.
    Simulation(Backend& backend, Options options, Instant now, FarEnd far_end,
               std::shared_ptr<const Kept> before = nullptr);

    Result run();
    Instant now() const { return now_; }
    const FarEnd& far_end() const { return far_end_; }

  private:
    struct Message { // under way to a server, perhaps for the second time
        std::string key;
    };
    void step();
    void let_time_pass();
    void new_wish();
    void deliver(const Message& message);
    void deliver_any();
    bool come_to_rest();
    void note(const std::string& key, const engine::Outcome& outcome);
    void another_command(const engine::Store& store);
    Server& any_server() { return crowded_ ? *crowded_ : *servers_[dice_.below(servers_.size())]; }

    Backend& backend_;
    Options options_;
    Dice dice_;
    Trace trace_;
    Instant now_;
    FarEnd far_end_;
    StoreWorld store_world_;
    Officers officers_;
    std::vector<std::unique_ptr<Server>> servers_;
    Server* crowded_ = nullptr; // the server to which all requests go at the moment
    std::vector<Message> network_;
    ClientLog log_;
    std::vector<std::string> failures_; // seen during the run
    std::int64_t skew_max_ = 0;
    std::shared_ptr<const Kept> before_;
    int keys_ = 0;
};

// A district in the middle of its life: cases in every stage, all notices delivered, nothing due. The same for every
// run; built once.
struct Lived {
    Tables tables;
    Instant now;
    FarEnd far_end;
    std::shared_ptr<const Kept> kept;
};
const Lived& lived_district();
// The same with its whole past, built anew.
Lived a_life();
// Lets a district without faults live until its villages stand in many states.
Instant live(Backend& backend, FarEnd& far_end);

// One seed over the memory store, from the lived district.
Result simulate(std::uint64_t seed, const FaultPlan& plan = {}, bool keep_trace = false, int steps = 40);

} // namespace cunmai::simulation
