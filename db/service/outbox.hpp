// What is to be told to people, and the mails that come of it.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct OutboxItem {
    std::string id, lease; // of this claim: who holds another may not touch it
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

// After commit, at least once, deduplicated by (outbox id, person, channel).
class Outbox {
  public:
    explicit Outbox(Database& database) : database_(database) {}
    // Claims due items under a lease (committed before they are returned).
    std::vector<OutboxItem> claim(int limit, engine::Instant now, int lease_seconds);
    // The next four do nothing when another has claimed it meanwhile: it is his now.
    void done(const OutboxItem& item);
    void retry(const OutboxItem& item, std::string_view error, engine::Instant next_at, bool dead);
    // One mail to one person: queued by the notifier when it expands an item; a second queueing does nothing.
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
