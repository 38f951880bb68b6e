// The simulated district in memory: ordered tables, and a journal that undoes a transaction or a part of it. A plain
// model of what db/ does with SQL: the same unique keys, the same leases.
#pragma once

#include "tests/simulation/backend.hpp"

namespace cunmai::simulation {

struct Tables {
    struct TimerRow {
        engine::Timer timer;
        Instant leased_until;
    };
    struct NoticeRow {
        CaseId case_id;
        std::string place_path;
        engine::Notice notice;
        bool done = false;
        Instant leased_until;
    };
    struct MailRow {
        bool sent = false;
        Instant leased_until;
    };
    using ReplyKey = std::pair<PersonId, std::string>;
    struct ReplyRow {
        CaseId case_id;
        engine::StoredReply reply;
    };

    std::map<CaseId, engine::CaseRow> rows;
    std::map<std::pair<std::string, std::string>, CaseId> open_slots; // definition, place: one open case
    std::map<std::pair<CaseId, std::int64_t>, engine::Event> events;
    std::map<CaseId, std::vector<engine::Task>> tasks;
    std::map<std::pair<CaseId, std::string>, TimerRow> timers;
    std::map<ReplyKey, ReplyRow> replies;
    std::map<std::string, NoticeRow> notices;
    std::map<std::pair<std::string, PersonId>, int> inbox;
    std::map<std::string, MailRow> mails;
    std::map<std::tuple<CaseId, std::string, PersonId>, std::string> boxes;
    std::map<std::string, int> refusals; // number of them, by command
    int next_id = 1;                     // never taken back, like a random id
};

class Journal {
  public:
    template <class Map> void put(Map& map, const typename Map::key_type& key, typename Map::mapped_type value) {
        const auto found = map.find(key);
        if (found == map.end()) {
            remember(map, key);
            map.emplace(key, std::move(value));
        } else {
            undo_.push_back([&map, key, old = std::move(found->second)] { map.insert_or_assign(key, old); });
            found->second = std::move(value);
        }
    }
    template <class Map> void erase(Map& map, const typename Map::key_type& key) {
        remember(map, key);
        map.erase(key);
    }
    std::size_t mark() const { return undo_.size(); }
    void back_to(std::size_t mark) {
        for (; undo_.size() > mark; undo_.pop_back()) undo_.back()();
    }
    void forget() { undo_.clear(); }

  private:
    template <class Map> void remember(Map& map, const typename Map::key_type& key) {
        const auto found = map.find(key);
        if (found == map.end())
            undo_.push_back([&map, key] { map.erase(key); });
        else
            undo_.push_back([&map, key, old = found->second] { map.insert_or_assign(key, old); });
    }
    std::vector<std::function<void()>> undo_;
};

class MemoryBackend final : public Backend {
  public:
    MemoryBackend() = default;
    explicit MemoryBackend(Tables tables) : tables_(std::move(tables)) {}

    bool has_executor() const override { return false; }
    std::unique_ptr<OpenTransaction> begin() override;
    void write(const std::function<void(engine::Transaction&)>& work) override;
    void read(const std::function<void(engine::Transaction&)>& work) override;

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
    std::optional<Instant> next_due() override;
    Kept kept() override;

    const Tables& tables() const { return tables_; }
    bool inbox_takes_twice = false; // a planted bug

  private:
    Tables tables_;
};

} // namespace cunmai::simulation
