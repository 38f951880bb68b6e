#include "tests/simulation/store.hpp"

#include "db/sql_errors.hpp"
#include "tests/simulation/forwarding.hpp"

namespace cunmai::simulation {

using namespace engine;

namespace {

constexpr int attempts_max = 5;
constexpr int depth_max = 3;

// A transaction that fails where the plan says, and lies where a bug was planted.
class FaultyTransaction final : public ForwardingTransaction {
  public:
    FaultyTransaction(Transaction& inner, StoreWorld& shared, std::function<void()> before_first_write)
        : ForwardingTransaction(inner), s_(shared), before_first_write_(std::move(before_first_write)) {}
    ~FaultyTransaction() override {
        for (const auto& id : mine_) s_.locked.erase(s_.locked.find(id));
    }

    // A case that is only looked at stays as it is until COMMIT. The case that is moved may be moved by another first:
    // compare-and-swap finds out.
    std::optional<LinkedCase> linked_case(const CaseId& id) override {
        wait_for(id);
        mine_.insert(id);
        s_.locked.insert(id);
        return inner_.linked_case(id);
    }
    std::optional<CaseRow> load(const CaseId& id) override {
        wait_for(id);
        return inner_.load(id);
    }
    void insert(const CaseRow& row) override {
        before_write();
        if (strikes(Bug::slot_not_taken)) {
            auto lying = row;
            lying.one_open_per_place = false;
            return inner_.insert(lying);
        }
        inner_.insert(row);
    }
    bool move(const CaseRow& before, const CaseRow& after) override {
        before_write();
        const bool changes = strikes(Bug::row_changed), forgets = s_.plan.bug == Bug::timer_fires_again;
        if (!changes && !forgets) return inner_.move(before, after);
        auto kept = after;
        if (changes) kept.facts["planted"] = true;
        if (forgets) kept.facts = without_marks(std::move(kept.facts));
        return inner_.move(before, kept);
    }
    void append(const Event& event) override {
        before_write();
        s_.true_times[{event.case_id, event.seq}] = s_.true_now();
        if (strikes(Bug::event_lost)) return;
        auto kept = event;
        if (strikes(Bug::event_changed)) kept.payload = R"({"planted":true})";
        inner_.append(kept);
    }
    void set_tasks(const CaseRow& row, const std::vector<Task>& tasks) override {
        before_write();
        inner_.set_tasks(row, strikes(Bug::task_dropped) ? all_but_one(tasks) : tasks);
    }
    void set_timers(const CaseRow& row, const std::vector<Timer>& timers) override {
        before_write();
        if (s_.plan.bug == Bug::timer_fires_again && timers.size() < 3) return; // what has fired stays
        inner_.set_timers(row, strikes(Bug::timer_dropped) ? all_but_one(timers) : timers);
    }
    void finish_timer(const CaseId& id, std::string_view key, Instant now) override {
        before_write();
        if (s_.plan.bug != Bug::timer_fires_again) inner_.finish_timer(id, key, now);
    }
    void set_involved(const CaseRow& row, const std::vector<Involvement>& people) override {
        before_write();
        inner_.set_involved(row, people);
    }
    void post(const CaseRow& row, const Event& event, const Notice& notice) override {
        before_write();
        if (strikes(Bug::notice_lost)) return;
        inner_.post(row, event, notice);
        if (strikes(Bug::notice_posted_twice)) inner_.post(row, event, notice);
    }
    void keep_reply(const PersonId& actor, std::string_view key, const CaseId& id, const StoredReply& reply) override {
        before_write();
        if (!strikes(Bug::idempotency_row_skipped)) inner_.keep_reply(actor, key, id, reply);
    }
    void keep_refusal(const Refused& refused) override {
        before_write();
        inner_.keep_refusal(refused);
    }
    void box_put(const CaseId& id, std::string_view box, const PersonId& person, std::string_view choice) override {
        before_write();
        if (!strikes(Bug::vote_not_boxed)) inner_.box_put(id, box, person, choice);
    }
    void box_remove(const CaseId& id, std::string_view box, const PersonId& person) override {
        before_write();
        inner_.box_remove(id, box, person);
    }
    void box_empty(const CaseId& id, std::string_view box) override {
        before_write();
        inner_.box_empty(id, box);
    }

  private:
    void before_write() {
        if (auto once = std::exchange(before_first_write_, nullptr)) once();
        if (s_.dice.chance(s_.plan.try_again)) {
            ++s_.counts["try again at a statement"];
            throw db::TryAgain("simulated: deadlock");
        }
        if (s_.dice.chance(s_.plan.unavailable)) {
            ++s_.counts["unavailable at a statement"];
            throw StoreUnavailable("simulated: the database is gone");
        }
        if (s_.dice.chance(s_.plan.crash)) {
            ++s_.counts["crash at a statement"];
            throw ServerCrashed{};
        }
    }
    void wait_for(const CaseId& id) {
        if (s_.locked.count(id) <= mine_.count(id)) return;
        ++s_.counts["lock waited for in vain"];
        throw db::TryAgain("simulated: lock wait timeout");
    }
    bool strikes(Bug bug) {
        if (s_.plan.bug != bug || !s_.dice.chance(s_.plan.bug_per_mille)) return false;
        ++s_.counts["planted"];
        return true;
    }
    template <class T> static std::vector<T> all_but_one(std::vector<T> list) {
        if (!list.empty()) list.pop_back();
        return list;
    }
    static Json without_marks(Json facts) {
        for (const auto* mark : {"reminded", "overdue", "escalated", "completion_proposed"}) facts.erase(mark);
        return facts;
    }

    StoreWorld& s_;
    std::function<void()> before_first_write_;
    std::multiset<CaseId> mine_;
};

} // namespace

void SimulatedStore::meanwhile() {
    if (!s_.something_else || s_.depth >= depth_max) return;
    ++s_.depth;
    try {
        s_.something_else();
    } catch (...) {
        --s_.depth;
        throw;
    }
    --s_.depth;
}

void SimulatedStore::write(const std::function<void(Transaction&)>& work) {
    if (s_.dice.chance(s_.plan.queue_full)) {
        ++s_.counts["queue full"];
        throw StoreUnavailable("simulated: too many commands wait");
    }
    Item item{&work, nullptr, false};
    queue_.push_back(&item);
    if (s_.backend.has_savepoints() && s_.dice.chance(s_.plan.company)) meanwhile();
    if (!item.done) drain();
    if (item.error) std::rethrow_exception(item.error);
}

void SimulatedStore::read(const std::function<void(Transaction&)>& work) { s_.backend.read(work); }

void SimulatedStore::drain() {
    const auto batch = std::exchange(queue_, {});
    for (auto* item : batch) item->done = true;
    if (batch.size() > 1) {
        try {
            ++s_.counts["batches of several"];
            return commit_together(batch);
        } catch (const db::TryAgain&) { ++s_.counts["batch retried one by one"]; }
    }
    for (auto* item : batch)
        for (int attempt = 1;; ++attempt) {
            try {
                commit_together({item});
                break;
            } catch (const db::TryAgain&) {
                if (attempt == attempts_max) {
                    item->error = std::make_exception_ptr(StoreUnavailable("simulated: tried too often"));
                    break;
                }
            }
        }
}

// Throws TryAgain when nothing was kept and everything may be tried again; each item has its outcome otherwise.
void SimulatedStore::commit_together(const std::vector<Item*>& batch) {
    const auto all_get = [&](const std::exception_ptr& error) {
        for (auto* item : batch) item->error = error;
    };
    for (auto* item : batch) item->error = nullptr;
    try {
        struct RolledBack {};
        try {
            s_.backend.transaction([&](Transaction& tx) {
                run_all(batch, tx);
                fault_before_commit();
                if (s_.plan.bug == Bug::acknowledged_before_commit && s_.dice.chance(s_.plan.bug_per_mille)) {
                    ++s_.counts["planted"];
                    throw RolledBack{};
                }
            });
        } catch (const RolledBack&) {}
        if (s_.dice.chance(s_.plan.unknown)) {
            if (s_.dice.chance(300)) {
                ++s_.counts["crash after commit"];
                throw ServerCrashed{};
            }
            ++s_.counts["unknown outcome"];
            throw StoreUnavailable("simulated: COMMIT: lost connection", true);
        }
    } catch (const db::TryAgain&) { throw; } catch (...) {
        all_get(std::current_exception());
    }
}

void SimulatedStore::run_all(const std::vector<Item*>& batch, Transaction& tx) {
    for (auto* item : batch) {
        const auto part = [&] {
            // Only where nothing uncommitted can be seen: alone in its batch.
            const bool alone = batch.size() == 1 && s_.backend.has_savepoints();
            FaultyTransaction faulty(tx, s_, [this, alone] {
                if (alone && s_.dice.chance(s_.plan.interleave)) {
                    ++s_.counts["interleaved"];
                    meanwhile();
                }
            });
            (*item->work)(faulty);
        };
        if (s_.plan.bug == Bug::half_a_transaction_kept) {
            try {
                part();
            } catch (...) { item->error = std::current_exception(); } // and what it wrote stays
            continue;
        }
        try {
            if (s_.backend.has_savepoints())
                s_.backend.savepoint(part);
            else
                part();
        } catch (const StoreUnavailable&) { // the whole transaction is dead
            throw;
        } catch (const ServerCrashed&) { throw; } catch (...) {
            if (!s_.backend.has_savepoints()) throw;
            item->error = std::current_exception(); // this one only
        }
    }
}

void SimulatedStore::fault_before_commit() {
    if (!s_.dice.chance(s_.plan.at_commit)) return;
    switch (s_.dice.below(3)) {
    case 0: ++s_.counts["try again at commit"]; throw db::TryAgain("simulated: certification failed");
    case 1: ++s_.counts["unavailable at commit"]; throw StoreUnavailable("simulated: gone before COMMIT");
    default: ++s_.counts["crash at commit"]; throw ServerCrashed{};
    }
}

} // namespace cunmai::simulation
