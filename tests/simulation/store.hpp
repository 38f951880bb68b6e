// The store of one simulated server: what waits shares a transaction as db/group_commit.hpp says, the very code of the
// program, over sessions that fail where the plan says: when they are lent, before any statement, before COMMIT, after
// it (outcome unknown), by refusing what the full queue can't take, and by dying.
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
    std::map<std::pair<CaseId, std::int64_t>, Instant> true_times{}; // of each event, by the clock on the wall
    int depth = 0;                                                   // of these two within each other
    std::map<std::string, std::int64_t> counts{};                    // what really happened: faults by kind
    std::uint64_t outage = 0;                                        // attempts to reach the database that will fail
    std::multiset<CaseId> locked{}; // read by an open transaction that counts on them: others wait in vain
};

class SimulatedStore final : public engine::Store {
  public:
    explicit SimulatedStore(StoreWorld& shared) : s_(shared) {}

    void write(const std::function<void(engine::Transaction&)>& work) override;
    void read(const std::function<void(engine::Transaction&)>& work) override;
    void die(); // what it has open is gone, and who waits for it hears of no outcome

  private:
    class Session;
    class Lender;
    struct Waiting;
    void drain();
    void write_through(const std::function<void(engine::Transaction&)>& work);
    void check(int life) const; // throws ServerCrashed: that life is over
    [[noreturn]] void crash(const char* where);
    void fault_at_statement(int life);
    void fault_before_commit(int life);
    void fault_after_commit();

    StoreWorld& s_;
    std::vector<Waiting*> queue_;
    int life_ = 0; // of the server's process
};

} // namespace cunmai::simulation
