// The notices that are to be delivered, and the mails that are made from them.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct OutboxItem {
    std::string id, lease; // `lease` names this claim; the item can't be changed under another claim's lease
    engine::CaseId case_id;
    std::string place_path, place_name, topic, qualifier;
    std::vector<std::string> roles;
    std::vector<engine::PersonId> people;
    Json params;      // also "case_title", "definition", "state"
    int attempts = 0; // claims so far, this one included
    engine::Instant created_at;
};

struct DeadLetter {
    std::string id, channel, person, error;
    int attempts = 0;
    engine::Instant next_at;
    bool dead = false;
};

// Notices are delivered after commit, at least once, and deduplicated by (outbox id, person, channel).
class Outbox {
  public:
    explicit Outbox(Database& database) : database_(database) {}
    // Claims due items under a lease (committed before they are returned).
    std::vector<OutboxItem> claim(int limit, engine::Instant now, int lease_seconds);
    // The following functions do nothing when another server has claimed the item or mail meanwhile.
    void done(const OutboxItem& item);
    void retry(const OutboxItem& item, std::string_view error, engine::Instant next_at, bool dead);
    // One mail to one person, queued when the notifier expands an item. Queueing it a second time does nothing.
    struct Mail {
        std::string id, outbox_id, person, address, subject, body;
        int attempts = 0;
        std::string lease{}; // of this claim
    };
    void queue_mail(const Mail& mail);
    std::vector<Mail> claim_mail(int limit, engine::Instant now, int lease_seconds);
    void mail_sent(const Mail& mail, engine::Instant at);
    void mail_failed(const Mail& mail, std::string_view error, engine::Instant next_at, bool dead);
    std::vector<DeadLetter> failures(int limit);
    void send_again(std::string_view id, engine::Instant at);

  private:
    Database& database_;
};

} // namespace cunmai::db
