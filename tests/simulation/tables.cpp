#include "tests/simulation/tables.hpp"

#include "tests/simulation/tables_transaction.hpp"

namespace cunmai::simulation {

namespace {

class Journaled final : public OpenTransaction {
  public:
    explicit Journaled(Tables& tables) : transaction_(tables, journal_) {}
    ~Journaled() override { journal_.back_to(0); }
    engine::Transaction& transaction() override { return transaction_; }
    std::size_t written() const override { return journal_.mark(); }
    void back_to(std::size_t written) override { journal_.back_to(written); }
    void commit() override { journal_.forget(); }

  private:
    Journal journal_;
    TablesTransaction transaction_;
};

} // namespace

std::unique_ptr<OpenTransaction> MemoryBackend::begin() { return std::make_unique<Journaled>(tables_); }

void MemoryBackend::write(const std::function<void(engine::Transaction&)>& work) {
    Journaled open(tables_);
    work(open.transaction());
    open.commit();
}

void MemoryBackend::read(const std::function<void(engine::Transaction&)>& work) {
    Journaled open(tables_);
    work(open.transaction());
}

// The end of the lease identifies a claim: a later claim is made after the earlier one has ended.
static std::string lease_until(Instant end) { return std::to_string(end.micros); }

std::vector<ClaimedTimer> MemoryBackend::claim_timers(int limit, Instant now, int lease_seconds) {
    std::vector<std::pair<Instant, std::pair<CaseId, std::string>>> due;
    for (const auto& [key, row] : tables_.timers)
        if (row.timer.due_at <= now && row.leased_until <= now) due.emplace_back(row.timer.due_at, key);
    std::sort(due.begin(), due.end());
    std::vector<ClaimedTimer> claimed;
    for (const auto& [due_at, key] : due) {
        if (claimed.size() == static_cast<std::size_t>(limit)) break;
        auto& row = tables_.timers.at(key);
        row.leased_until = now.plus_seconds(lease_seconds);
        claimed.push_back({key.first, key.second, row.timer.command});
    }
    return claimed;
}

std::vector<ClaimedNotice> MemoryBackend::claim_notices(int limit, Instant now, int lease_seconds) {
    std::vector<ClaimedNotice> claimed;
    for (auto& [id, row] : tables_.notices) {
        if (claimed.size() == static_cast<std::size_t>(limit)) break;
        if (row.done || row.leased_until > now) continue;
        row.leased_until = now.plus_seconds(lease_seconds);
        claimed.push_back({id, lease_until(row.leased_until), row.case_id, row.place_path, row.notice});
    }
    return claimed;
}

void MemoryBackend::notice_done(const ClaimedNotice& notice) {
    auto& row = tables_.notices.at(notice.id);
    if (lease_until(row.leased_until) == notice.lease) row.done = true;
}

void MemoryBackend::inbox_add(const ClaimedNotice& notice, const PersonId& person) {
    auto& count = tables_.inbox[{notice.id, person}];
    count = inbox_takes_twice ? count + 1 : 1;
}

void MemoryBackend::queue_mail(const ClaimedNotice& notice, const PersonId& person) {
    tables_.mails.try_emplace(mail_id(notice.id, person));
}

std::vector<ClaimedMail> MemoryBackend::claim_mails(int limit, Instant now, int lease_seconds) {
    std::vector<ClaimedMail> claimed;
    for (auto& [id, row] : tables_.mails) {
        if (claimed.size() == static_cast<std::size_t>(limit)) break;
        if (row.sent || row.leased_until > now) continue;
        row.leased_until = now.plus_seconds(lease_seconds);
        claimed.push_back({id, lease_until(row.leased_until)});
    }
    return claimed;
}

void MemoryBackend::mail_sent(const ClaimedMail& mail, Instant) {
    auto& row = tables_.mails.at(mail.id);
    if (lease_until(row.leased_until) == mail.lease) row.sent = true;
}

std::vector<Glance> MemoryBackend::cases() {
    std::vector<Glance> all;
    for (const auto& [id, row] : tables_.rows) all.push_back({id, row.definition, row.state, row.final});
    return all;
}

std::optional<engine::CaseRow> MemoryBackend::row(const CaseId& id) {
    const auto found = tables_.rows.find(id);
    if (found == tables_.rows.end()) return {};
    return found->second;
}

std::vector<engine::Task> MemoryBackend::tasks(const CaseId& id) {
    const auto found = tables_.tasks.find(id);
    return found == tables_.tasks.end() ? std::vector<engine::Task>{} : found->second;
}

std::optional<Instant> MemoryBackend::next_due() {
    std::optional<Instant> next;
    for (const auto& [key, row] : tables_.timers)
        if (!next || row.timer.due_at < *next) next = row.timer.due_at;
    return next;
}

Kept MemoryBackend::kept() {
    Kept kept;
    kept.rows = tables_.rows;
    for (const auto& [key, event] : tables_.events) kept.events[key.first].push_back(event);
    for (const auto& [key, row] : tables_.timers) kept.timers[key.first].push_back(row.timer);
    kept.tasks = tables_.tasks;
    for (const auto& [key, row] : tables_.replies) kept.keys[key] = row.case_id;
    for (const auto& [id, row] : tables_.notices) kept.notices.push_back({id, row.case_id, row.notice, row.done});
    for (const auto& [key, count] : tables_.inbox)
        for (int i = 0; i < count; ++i) kept.inbox.push_back(key);
    for (const auto& [id, row] : tables_.mails) kept.mails[id] = row.sent;
    for (const auto& [key, choice] : tables_.boxes)
        kept.boxes[{std::get<0>(key), std::get<1>(key)}].insert(std::get<2>(key));
    return kept;
}

} // namespace cunmai::simulation
