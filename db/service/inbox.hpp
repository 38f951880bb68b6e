// The notices that a person has received.
#pragma once

#include "db/kernel/database.hpp"

namespace cunmai::db {

struct Notification {
    std::string id;
    engine::PersonId person;
    engine::CaseId case_id;
    std::string topic;
    Json params;
    engine::Instant at;
    bool read = false;
};

class Inbox {
  public:
    explicit Inbox(Database& database) : database_(database) {}
    void add(const Notification& notification, std::string_view outbox_id); // once per (outbox id, person)
    std::vector<Notification> list(const engine::PersonId& person, bool unread_only, int limit, std::string_view cursor,
                                   std::string* next);
    std::int64_t unread(const engine::PersonId& person);
    void mark_read(const engine::PersonId& person, std::string_view id); // empty id: all

  private:
    Database& database_;
};

} // namespace cunmai::db
