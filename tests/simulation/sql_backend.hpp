// The simulated district in a real database, SQLite or MariaDB, behind db/ as the program uses it: its executor, its
// repositories, its leases. Only the clock is the simulation's.
#pragma once

#include "db/service/service_tables.hpp"
#include "tests/simulation/tables.hpp"

namespace cunmai::simulation {

// Migrates an empty database and puts the world into it.
void settle_world(db::Database& database);
// The cases of a life in memory, with their history, work items and timers; what was told is left behind.
void move_in(db::Database& database, const Tables& tables);

class SqlBackend final : public Backend {
  public:
    explicit SqlBackend(db::Database& database) : database_(database) {}

    bool has_executor() const override { return true; }
    std::unique_ptr<OpenTransaction> begin() override { throw std::logic_error("a database begins by itself"); }
    void write(const std::function<void(engine::Transaction&)>& work) override { database_.write(work); }
    void read(const std::function<void(engine::Transaction&)>& work) override { database_.read(work); }

    std::vector<ClaimedTimer> claim_timers(int limit, Instant now, int lease_seconds) override;
    std::vector<ClaimedNotice> claim_notices(int limit, Instant now, int lease_seconds) override;
    void notice_done(const ClaimedNotice& notice) override;
    void inbox_add(const ClaimedNotice& notice, const PersonId& person) override;
    void queue_mail(const ClaimedNotice& notice, const PersonId& person) override;
    std::vector<ClaimedMail> claim_mails(int limit, Instant now, int lease_seconds) override;
    void mail_sent(const ClaimedMail& mail, Instant at) override;

    std::vector<Glance> cases() override;
    std::optional<engine::CaseRow> row(const CaseId& id) override;
    std::vector<engine::Task> tasks(const CaseId& id) override;
    std::optional<Instant> next_due() override { return timers_.next_due(); }
    Kept kept() override;

  private:
    db::Database& database_;
    db::Timers timers_{database_};
    db::Outbox outbox_{database_};
    db::Inbox inbox_{database_};
};

} // namespace cunmai::simulation
