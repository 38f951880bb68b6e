// The storage of a simulated district: in memory (fast, and the same to the byte for one seed) or in a real SQLite
// file. It has the engine's store, and besides it what workers of timers and outbox use and what the oracles look at.
#pragma once

#include "tests/simulation/world.hpp"

#include <functional>
#include <memory>

namespace cunmai::simulation {

struct ClaimedTimer {
    CaseId case_id;
    std::string key, command;
};

struct ClaimedNotice {
    std::string id, lease;
    CaseId case_id;
    std::string place_path;
    engine::Notice notice;
};

struct ClaimedMail {
    std::string id, lease;
};

struct KeptNotice {
    std::string id;
    CaseId case_id;
    engine::Notice notice; // without params
    bool done = false;
};

// Everything that is stored, in the form that the oracles compare.
struct Kept {
    std::map<CaseId, engine::CaseRow> rows;
    std::map<CaseId, std::vector<engine::Event>> events;
    std::map<CaseId, std::vector<engine::Timer>> timers;
    std::map<CaseId, std::vector<engine::Task>> tasks;
    std::map<std::pair<PersonId, std::string>, CaseId> keys; // actor and idempotency key
    std::vector<KeptNotice> notices;
    std::vector<std::pair<std::string, PersonId>> inbox; // outbox id, person
    std::map<std::string, bool> mails;                   // id → sent
    std::map<std::pair<CaseId, std::string>, std::set<PersonId>> boxes;
};

struct Glance { // a short look at a case
    CaseId id;
    std::string definition, state;
    bool final = false;
};

// Rolled back unless committed. Another transaction may be open that has written nothing yet; then this one ends first.
class OpenTransaction {
  public:
    virtual ~OpenTransaction() = default;
    virtual engine::Transaction& transaction() = 0;
    virtual std::size_t written() const = 0; // how much was written so far, for back_to
    virtual void back_to(std::size_t written) = 0;
    virtual void commit() = 0;
};

class Backend {
  public:
    virtual ~Backend() = default;

    virtual bool has_executor() const = 0; // then it is written to with `write`, never with `begin`
    virtual std::unique_ptr<OpenTransaction> begin() = 0;
    virtual void write(const std::function<void(engine::Transaction&)>& work) = 0; // all or nothing
    virtual void read(const std::function<void(engine::Transaction&)>& work) = 0;

    virtual std::vector<ClaimedTimer> claim_timers(int limit, Instant now, int lease_seconds) = 0;
    virtual std::vector<ClaimedNotice> claim_notices(int limit, Instant now, int lease_seconds) = 0;
    virtual void notice_done(const ClaimedNotice& notice) = 0;
    virtual void inbox_add(const ClaimedNotice& notice, const PersonId& person) = 0; // once for each person
    virtual void queue_mail(const ClaimedNotice& notice, const PersonId& person) = 0;
    virtual std::vector<ClaimedMail> claim_mails(int limit, Instant now, int lease_seconds) = 0;
    virtual void mail_sent(const ClaimedMail& mail, Instant at) = 0;

    virtual std::vector<Glance> cases() = 0; // by id
    virtual std::optional<engine::CaseRow> row(const CaseId& id) = 0;
    virtual std::vector<engine::Task> tasks(const CaseId& id) = 0;
    virtual std::optional<Instant> next_due() = 0; // of the timers
    virtual Kept kept() = 0;
};

inline std::string mail_id(const std::string& outbox_id, const PersonId& person) {
    return outbox_id + '/' + person.text;
}

} // namespace cunmai::simulation
