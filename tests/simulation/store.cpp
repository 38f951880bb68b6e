#include "tests/simulation/store.hpp"

#include "db/kernel/group_commit.hpp"
#include "tests/simulation/forwarding.hpp"

#include <optional>
#include <typeinfo>

namespace cunmai::simulation {

using namespace engine;

namespace {

constexpr int depth_max = 3;
constexpr std::uint64_t outage_max = 4; // of the database, in attempts to reach it

// The cases that one transaction counts on, until it ends.
class Locks {
  public:
    explicit Locks(StoreWorld& shared) : s_(shared) {}
    ~Locks() { release(); }
    Locks(const Locks&) = delete;
    Locks& operator=(const Locks&) = delete;

    void take(const CaseId& id) {
        mine_.insert(id);
        s_.locked.insert(id);
    }
    void wait_for(const CaseId& id) const {
        if (s_.locked.count(id) <= mine_.count(id)) return;
        ++s_.counts["lock waited for in vain"];
        throw db::TryAgain("simulated: lock wait timeout", "lock_wait");
    }
    bool counts_on_something() const { return !mine_.empty(); }
    void release() {
        for (const auto& id : mine_) s_.locked.erase(s_.locked.find(id));
        mine_.clear();
    }

  private:
    StoreWorld& s_;
    std::multiset<CaseId> mine_;
};

// A transaction that fails where the plan says, and lies where a bug was planted.
class FaultyTransaction final : public ForwardingTransaction {
  public:
    FaultyTransaction(Transaction& inner, StoreWorld& shared, Locks& locks, std::function<void()> before_write)
        : ForwardingTransaction(inner), s_(shared), locks_(locks), before_write_(std::move(before_write)) {}

    // A case that is only looked at stays as it is until COMMIT. The case that is moved may be moved by another first:
    // compare-and-swap finds out.
    std::vector<LinkedCase> linked_cases(const std::set<CaseId>& ids) override {
        for (const auto& id : ids) {
            locks_.wait_for(id);
            locks_.take(id);
        }
        return inner_.linked_cases(ids);
    }
    std::optional<CaseRow> load(const CaseId& id) override {
        locks_.wait_for(id);
        return inner_.load(id);
    }
    void insert(const CaseRow& row) override {
        before_write_();
        if (strikes(Bug::slot_not_taken)) {
            auto lying = row;
            lying.one_open_per_place = false;
            return inner_.insert(lying);
        }
        inner_.insert(row);
    }
    bool move(const CaseRow& before, const CaseRow& after) override {
        before_write_();
        if (s_.dice.chance(s_.plan.race_lost)) {
            ++s_.counts["race lost"];
            return false;
        }
        const bool changes = strikes(Bug::row_changed), forgets = s_.plan.bug == Bug::timer_fires_again;
        if (!changes && !forgets) return inner_.move(before, after);
        auto kept = after;
        if (changes) kept.facts["planted"] = true;
        if (forgets) kept.facts = without_marks(std::move(kept.facts));
        return inner_.move(before, kept);
    }
    void append(const Event& event) override {
        before_write_();
        s_.true_times[{event.case_id, event.seq}] = s_.true_now();
        if (strikes(Bug::event_lost)) return;
        auto kept = event;
        const bool forged = strikes(Bug::event_forged);
        if (forged || strikes(Bug::event_changed)) kept.payload = R"({"planted":true})";
        if (forged) kept.hash = hash_of(kept);
        inner_.append(kept);
    }
    void set_tasks(const CaseRow& row, const std::vector<Task>& tasks) override {
        before_write_();
        inner_.set_tasks(row, strikes(Bug::task_dropped) ? all_but_one(tasks) : tasks);
    }
    void add_timers(const CaseRow& row, const std::vector<Timer>& timers) override {
        before_write_();
        inner_.add_timers(row, strikes(Bug::timer_dropped) ? all_but_one(timers) : timers);
    }
    void finish_timer(const CaseId& id, std::string_view key, Instant now) override {
        before_write_();
        if (s_.plan.bug != Bug::timer_fires_again) inner_.finish_timer(id, key, now);
    }
    void set_involved(const CaseRow& row, const std::vector<Involvement>& people) override {
        before_write_();
        inner_.set_involved(row, people);
    }
    void post(const CaseRow& row, const Event& event, const Notice& notice) override {
        before_write_();
        if (strikes(Bug::notice_lost)) return;
        inner_.post(row, event, notice);
        if (strikes(Bug::notice_posted_twice)) inner_.post(row, event, notice);
    }
    void keep_reply(const PersonId& actor, std::string_view key, const CaseId& id, const StoredReply& reply) override {
        before_write_();
        if (reply.outcome.contains("refused") && strikes(Bug::refusal_forgotten)) return;
        if (!strikes(Bug::idempotency_row_skipped)) inner_.keep_reply(actor, key, id, reply);
    }
    void keep_refusal(const Refused& refused) override {
        before_write_();
        inner_.keep_refusal(refused);
    }
    void box_put(const CaseId& id, std::string_view box, const PersonId& person, std::string_view choice) override {
        before_write_();
        if (!strikes(Bug::vote_not_boxed)) inner_.box_put(id, box, person, choice);
    }
    void box_remove(const CaseId& id, std::string_view box, const PersonId& person) override {
        before_write_();
        inner_.box_remove(id, box, person);
    }
    void box_empty(const CaseId& id, std::string_view box) override {
        before_write_();
        inner_.box_empty(id, box);
    }

  private:
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
    Locks& locks_;
    std::function<void()> before_write_;
};

template <class Doing> void within(StoreWorld& shared, const Doing& doing) {
    if (shared.depth >= depth_max) return;
    struct Deeper {
        explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
        ~Deeper() { --depth_; }
        int& depth_;
    } const deeper(shared.depth);
    doing();
}

void meanwhile(StoreWorld& shared) { within(shared, shared.something_else); }

} // namespace

// One session with the tables, as db/group_commit.hpp uses it: a transaction at a time, parts that can be undone.
class SimulatedStore::Session {
  public:
    Session(SimulatedStore& store, int life) : store_(store), s_(store.s_), life_(life), locks_(s_) {}

    Transaction& transaction() { return *faulty_; }

    void begin_write() {
        store_.check(life_);
        open_ = s_.backend.begin();
        faulty_.emplace(open_->transaction(), s_, locks_, [this] { before_write(); });
    }
    void begin_part() {
        part_starts_ = open_->written();
        interleaved_ = false;
    }
    void end_part() {}
    bool undo_part() noexcept {
        if (lost_ || store_.life_ != life_) return false;
        dead_ = false;
        if (s_.plan.bug != Bug::half_a_transaction_kept) open_->back_to(part_starts_);
        return true;
    }
    void rollback() noexcept {
        if (open_ && s_.plan.bug == Bug::half_a_transaction_kept) open_->commit();
        end();
    }
    void commit() {
        if (dead_) throw StoreUnavailable("simulated: the transaction is dead");
        store_.fault_before_commit(life_);
        if (s_.plan.bug == Bug::acknowledged_before_commit && s_.dice.chance(s_.plan.bug_per_mille))
            ++s_.counts["planted"];
        else
            open_->commit();
        end();
        if (s_.plan.bug == Bug::refused_after_commit && s_.dice.chance(s_.plan.bug_per_mille)) {
            ++s_.counts["planted"];
            throw std::logic_error("planted");
        }
        store_.fault_after_commit();
    }

  private:
    void before_write() {
        store_.check(life_);
        if (dead_) throw StoreUnavailable("simulated: the transaction is dead");
        if (open_->written() == 0 && !std::exchange(interleaved_, true) && s_.dice.chance(interleave())) {
            ++s_.counts["interleaved"];
            meanwhile(s_);
        }
        try {
            store_.fault_at_statement(life_);
        } catch (const StoreUnavailable& fault) {
            dead_ = true;
            // A deadlock undoes a statement, or the whole transaction; what else there is always does the latter.
            lost_ = typeid(fault) != typeid(db::TryAgain) || s_.dice.chance(500);
            throw;
        }
    }
    // More often where the transaction counts on another case to stay as it is: seldom would it be just that one.
    int interleave() const { return s_.plan.interleave * (locks_.counts_on_something() ? 5 : 1); }
    void end() {
        faulty_.reset();
        open_.reset();
        locks_.release();
    }

    SimulatedStore& store_;
    StoreWorld& s_;
    const int life_;
    Locks locks_;
    std::unique_ptr<OpenTransaction> open_;
    std::optional<FaultyTransaction> faulty_;
    std::size_t part_starts_ = 0;
    bool interleaved_ = false;
    bool dead_ = false; // a statement failed: nothing more is taken
    bool lost_ = false; // and the transaction is gone with it
};

class SimulatedStore::Lender {
  public:
    using Session = SimulatedStore::Session;

    explicit Lender(SimulatedStore& store) : store_(store), s_(store.s_), life_(store.life_) {}

    std::unique_ptr<Session> take() {
        store_.check(life_);
        if (s_.outage == 0 && s_.dice.chance(s_.plan.not_lent)) s_.outage = 1 + s_.dice.below(outage_max);
        if (s_.outage > 0) {
            --s_.outage;
            ++s_.counts["no session"];
            throw StoreUnavailable("simulated: the database can't be reached");
        }
        return std::make_unique<Session>(store_, life_);
    }
    void forget_idle() { ++s_.counts["session lost"]; }
    void expect(Session&, const std::vector<const Expected*>&) {}
    void commit(Session& session, std::size_t works) {
        session.commit();
        if (works > 1) ++s_.counts["batches of several"];
    }
    void pause_before(int) {
        if (s_.dice.chance(s_.plan.interleave)) meanwhile(s_);
    }
    void retried(std::string_view cause) { ++s_.counts["retried: " + std::string(cause)]; }

  private:
    SimulatedStore& store_;
    StoreWorld& s_;
    const int life_;
};

struct SimulatedStore::Waiting : db::Job<Session> {
    bool taken = false;
};

void SimulatedStore::write(const std::function<void(Transaction&)>& work) {
    if (s_.dice.chance(s_.plan.queue_full)) {
        ++s_.counts["queue full"];
        throw Busy("simulated: too many commands wait");
    }
    if (s_.backend.has_executor()) return write_through(work);
    const std::function<void(Session&)> in_session = [&work](Session& session) { work(session.transaction()); };
    const Expected nothing{};
    Waiting waiting{{&in_session, &nothing}};
    queue_.push_back(&waiting);
    if (s_.dice.chance(s_.plan.company)) // it joins the batch, and brings it to its end
        within(s_, [this] { s_.another_command(*this); });
    if (!waiting.taken) drain();
    if (waiting.error) std::rethrow_exception(waiting.error);
}

void SimulatedStore::drain() {
    std::vector<db::Job<Session>*> jobs;
    for (auto* waiting : std::exchange(queue_, {})) {
        waiting->taken = true;
        jobs.push_back(waiting);
    }
    Lender lender(*this);
    db::GroupCommit<Lender>(lender).run(jobs);
}

// A real database: the faults come inside the work, and after COMMIT.
void SimulatedStore::write_through(const std::function<void(Transaction&)>& work) {
    s_.backend.write([&](Transaction& tx) {
        Locks locks(s_);
        FaultyTransaction faulty(tx, s_, locks, [this] { fault_at_statement(life_); });
        work(faulty);
        fault_before_commit(life_);
    });
    fault_after_commit();
}

void SimulatedStore::read(const std::function<void(Transaction&)>& work) { s_.backend.read(work); }

void SimulatedStore::die() {
    ++life_;
    for (auto* waiting : std::exchange(queue_, {})) {
        waiting->taken = true;
        waiting->error = std::make_exception_ptr(ServerCrashed{});
    }
}

void SimulatedStore::check(int life) const {
    if (life != life_) throw ServerCrashed{};
}

void SimulatedStore::crash(const char* where) {
    ++s_.counts[where];
    die();
    throw ServerCrashed{};
}

void SimulatedStore::fault_at_statement(int life) {
    check(life);
    const auto strikes = [this](int per_mille, const char* what) {
        if (!s_.dice.chance(per_mille)) return false;
        ++s_.counts[what];
        return true;
    };
    if (strikes(s_.plan.try_again, "try again at a statement")) throw db::TryAgain("simulated: deadlock", "deadlock");
    if (strikes(s_.plan.session_lost, "session lost at a statement")) throw db::SessionLost("simulated");
    if (strikes(s_.plan.unavailable, "unavailable at a statement"))
        throw StoreUnavailable("simulated: the database is gone");
    if (strikes(s_.plan.broken, "a work breaks")) throw WorkBroken();
    if (s_.dice.chance(s_.plan.crash)) crash("crash at a statement");
}

void SimulatedStore::fault_before_commit(int life) {
    check(life);
    if (!s_.dice.chance(s_.plan.at_commit)) return;
    switch (s_.dice.below(5)) {
    case 0: ++s_.counts["try again at commit"]; throw db::TryAgain("simulated: certification failed", "certification");
    case 1: ++s_.counts["session lost at commit"]; throw db::SessionLost("simulated: before COMMIT was sent");
    case 2: ++s_.counts["unavailable at commit"]; throw StoreUnavailable("simulated: gone before COMMIT");
    case 3: ++s_.counts["unknown outcome, not kept"]; throw StoreUnavailable("simulated: COMMIT never arrived", true);
    default: crash("crash at commit");
    }
}

void SimulatedStore::fault_after_commit() {
    if (!s_.dice.chance(s_.plan.unknown)) return;
    if (s_.dice.chance(300)) crash("crash after commit");
    ++s_.counts["unknown outcome"];
    throw StoreUnavailable("simulated: COMMIT: lost connection", true);
}

} // namespace cunmai::simulation
