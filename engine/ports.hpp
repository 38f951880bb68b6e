// What the engine needs kept. db/ implements it over SOCI; engine tests over memory.
#pragma once

#include "engine/definition.hpp"
#include "engine/event.hpp"

#include <functional>
#include <memory>
#include <stdexcept>

namespace cunmai::engine {

struct CaseRow { // a cache: the fold of the case's events
    CaseId id;
    std::string definition;
    int definition_version = 0;
    std::string state;
    std::int64_t version = 0;
    Place place;
    CaseId parent;     // empty unless a child
    std::string batch; // the round that opened it, or empty
    Summary summary;
    bool final = false;
    bool one_open_per_place = false;
    Json facts = Json::object();
    std::string head_hash = first_previous_hash;
    Instant opened_at, updated_at;
};

struct Grant { // a role within a jurisdiction
    PersonId person;
    std::string role;
    std::string qualifier; // department, kind of coordinator; or empty
    std::string place_path;
};

struct Delegation { // 代办: `delegate` may act with `role` of `principal`
    PersonId principal, delegate;
    std::string role;
    Instant from, until;
};

struct StoredReply { // of a command: its final outcome
    std::string body_hash;
    Json outcome;
};

// Marks a kept refusal of an attempt on a case or place that the person may not know of. They are never told this
// reason.
inline constexpr std::string_view outside_jurisdiction = "outside_jurisdiction";

struct Refused {
    CaseId case_id; // may be empty: the case was never opened
    std::string definition, place_path, command, state;
    Instant at;
    PersonId actor, on_behalf_of;
    Json reasons;
    std::string request_id;
};

// One open transaction. Nothing is visible to others until it commits.
class Transaction : public Knowledge {
  public:
    // Reads
    virtual std::optional<CaseRow> load(const CaseId& id) = 0;
    virtual std::optional<Place> place(std::string_view code) = 0;
    virtual std::vector<Grant> grants(const PersonId& person) = 0; // of an active person, in force now
    virtual std::vector<Delegation> delegations_to(const PersonId& delegate, Instant at) = 0;
    std::vector<Holder> roles_delegated_to(const PersonId& person, Instant at) final {
        std::vector<Holder> roles;
        for (const auto& delegation : delegations_to(person, at))
            for (auto& held : roles_of(delegation.principal))
                if (held.role == delegation.role) roles.push_back(std::move(held));
        return roles;
    }
    // The commands of the events after this version, in order, at most `limit`.
    virtual std::vector<std::string> commands_since(const CaseId& id, std::int64_t version, int limit) = 0;
    virtual bool has_open_case(std::string_view definition, std::string_view place_code) = 0;
    virtual std::vector<CaseId> open_children(const CaseId& parent) = 0;
    virtual std::optional<StoredReply> reply(const PersonId& actor, std::string_view key) = 0;

    // Writes
    virtual void insert(const CaseRow& row) = 0;                        // throws AlreadyOpen
    virtual bool move(const CaseRow& before, const CaseRow& after) = 0; // false: another was first
    virtual void append(const Event& event) = 0;
    virtual void set_tasks(const CaseRow& row, const std::vector<Task>& tasks) = 0; // replaces
    // Each timer replaces the one with the same key. One that the case no longer wants stays stored until it is due.
    virtual void add_timers(const CaseRow& row, const std::vector<Timer>& timers) = 0;
    // Forgets a timer whose time has come, unless the case wants it again later than `now`.
    virtual void finish_timer(const CaseId& id, std::string_view key, Instant now) = 0;
    virtual void set_involved(const CaseRow& row, const std::vector<Involvement>& people) = 0;
    virtual void post(const CaseRow& row, const Event& event, const Notice& notice) = 0; // outbox
    virtual void keep_reply(const PersonId& actor, std::string_view key, const CaseId& id,
                            const StoredReply& reply) = 0;
    virtual void keep_refusal(const Refused& refused) = 0;
    virtual void box_put(const CaseId& id, std::string_view box, const PersonId& person, std::string_view choice) = 0;
    virtual void box_remove(const CaseId& id, std::string_view box, const PersonId& person) = 0;
    virtual void box_empty(const CaseId& id, std::string_view box) = 0;
    // From now on whoever sees the case may read these documents. A store without documents has nothing to do.
    virtual void link_documents(const CaseId&, const std::vector<std::string>&) {}
    virtual CaseId new_case_id() = 0;
};

// A fault: the store can't do its work now. The edge answers 503. Nothing was written, unless `outcome_unknown`.
class StoreUnavailable : public std::runtime_error {
  public:
    explicit StoreUnavailable(const std::string& what, bool unknown = false)
        : std::runtime_error(what), outcome_unknown(unknown) {}
    bool outcome_unknown;
};

// Too many commands wait already; this one was not tried. The edge answers 503 with Retry-After.
class Busy : public StoreUnavailable {
  public:
    explicit Busy(const std::string& what, int after = 1) : StoreUnavailable(what), retry_after_seconds(after) {}
    int retry_after_seconds;
};

class AlreadyOpen : public std::runtime_error {
  public:
    AlreadyOpen() : std::runtime_error("another case is open for this place") {}
};

// What a piece of work is likely to touch. Only a hint: the work reads everything through its Transaction all the same.
struct Expected {
    std::string_view near; // equal for pieces of work that are likely to touch the same rows
    CaseId case_id;        // or empty
    PersonId actor;        // whose idempotency key it is
    std::string key;       // or empty
};

class Store {
  public:
    virtual ~Store() = default;
    // Runs the work in one transaction and commits durably before returning. An exception of the work rolls back.
    // The work may be run more than once when the database asks for a retry: it must have no outside effect.
    virtual void write(const std::function<void(Transaction&)>& work) = 0;
    // The same with a hint: the store may run work on the same rows one after another instead of in competition, and
    // may read ahead for many pieces of work at once.
    virtual void write_expecting(const Expected&, const std::function<void(Transaction&)>& work) { write(work); }
    virtual void read(const std::function<void(Transaction&)>& work) = 0; // rolled back afterwards
};

} // namespace cunmai::engine
