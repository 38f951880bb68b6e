// The store of one simulated server: an executor that gathers commands into batches, a savepoint each and one commit,
// and retries a batch that fails as a whole command by command. It fails where the plan says: before any statement,
// before COMMIT, after COMMIT (outcome unknown), by refusing what the full queue can't take, and by dying.
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
    std::map<std::pair<CaseId, std::int64_t>, Instant> true_times; // of each event, by the clock on the wall
    int depth = 0;                                                 // of `something_else` within itself
    std::map<std::string, std::int64_t> counts;                    // what really happened: faults by kind
    std::multiset<CaseId> locked; // read by an open transaction that counts on them: others wait in vain
};

class SimulatedStore final : public engine::Store {
  public:
    explicit SimulatedStore(StoreWorld& shared) : s_(shared) {}

    void write(const std::function<void(engine::Transaction&)>& work) override;
    void read(const std::function<void(engine::Transaction&)>& work) override;

  private:
    struct Item {
        const std::function<void(engine::Transaction&)>* work;
        std::exception_ptr error;
        bool done = false;
    };
    void drain();
    void commit_together(const std::vector<Item*>& batch);
    void run_all(const std::vector<Item*>& batch, engine::Transaction& tx);
    void fault_before_commit();
    void meanwhile();

    StoreWorld& s_;
    std::vector<Item*> queue_;
};

} // namespace cunmai::simulation
