// The store of one simulated server. Waiting work shares transactions through db/kernel/group_commit.hpp, the program's
// own code, over sessions that fail as planned: when they are lent, before any statement, before COMMIT, after it
// (outcome unknown), because the queue is full, and by a crash.
#pragma once

#include "tests/simulation/backend.hpp"
#include "tests/simulation/faults.hpp"

namespace cunmai::simulation {

// Shared by all servers of a run.
struct StoreWorld {
    Backend& backend;
    Dice& dice;
    FaultPlan& plan;
    std::function<Instant()> true_now;
    std::function<void()> something_else; // lets another client or server do something now; may do nothing
    // A command comes to the server of this store, or it fires timers.
    std::function<void(const engine::Store&)> another_command;
    std::map<std::pair<CaseId, std::int64_t>, Instant> true_times{}; // true time of each event, not by a server's clock
    int depth = 0;                                                   // how deeply these two are nested
    std::map<std::string, std::int64_t> counts{};                    // how many faults of each kind really happened
    std::uint64_t outage = 0;                                        // attempts to reach the database that will fail
    std::multiset<CaseId> locked{}; // an open transaction relies on them: others wait in vain
};

class SimulatedStore final : public engine::Store {
  public:
    explicit SimulatedStore(StoreWorld& shared) : s_(shared) {}

    void write(const std::function<void(engine::Transaction&)>& work) override;
    void read(const std::function<void(engine::Transaction&)>& work) override;
    void die(); // open transactions are lost, and waiting callers get no outcome

  private:
    class Session;
    class Lender;
    struct Waiting;
    void drain();
    void write_through(const std::function<void(engine::Transaction&)>& work);
    void check(int life) const; // throws ServerCrashed when that life is over
    [[noreturn]] void crash(const char* where);
    void fault_at_statement(int life);
    void fault_before_commit(int life);
    void fault_after_commit();

    StoreWorld& s_;
    std::vector<Waiting*> queue_;
    int life_ = 0; // counts the lives of the server's process
};

} // namespace cunmai::simulation
