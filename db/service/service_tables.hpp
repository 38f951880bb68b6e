// What the server keeps beside cases: sessions, sign-in attempts, access log, rules, drafts, documents, inbox,
// outbox, timers.
#pragma once

#include "db/people/people.hpp"

#include <istream>

namespace cunmai::db {

struct Session {
    std::string token_hash; // SHA-256 of the token, hex; the token itself is never stored
    engine::PersonId person;
    std::string kind; // "browser" or "bearer"
    std::string csrf;
    std::string label; // of a bearer token
    engine::Instant created_at, seen_at, expires_at;
    std::int64_t password_version = 0; // of the password that it was opened with
};

class Sessions {
  public:
    explicit Sessions(Database& database) : database_(database) {}
    // False, and nothing is added, when the person left or their password is another one by now.
    bool add(const Session& session);
    // Ended or expired ones, those of who left and those opened with a former password are not found.
    std::optional<std::pair<Session, Person>> find(std::string_view token_hash);
    void touch(const Session& found, engine::Instant at); // written at most once a minute
    void end(std::string_view token_hash);
    void end_all_of(const engine::PersonId& person);
    std::vector<Session> of(const engine::PersonId& person);

    // Lockout: failures since the last success within the window, kept so that a restart doesn't forget.
    int failures(std::string_view login, engine::Instant since);
    void failed(std::string_view login, engine::Instant at);
    void succeeded(std::string_view login);

  private:
    Database& database_;
};

struct Access {
    engine::Instant at;
    engine::PersonId person; // empty: not signed in
    std::string method, route, object, address, request_id;
    int status = 0;
};

class AccessLog {
  public:
    explicit AccessLog(Database& database) : database_(database) {}
    void add(const Access& access);
    // Adds it within somebody else's transaction of this database, once, however often it is run: to be kept exactly
    // when what that writes is kept. `status` of the answer may be known only there.
    static std::function<void(engine::Transaction&, int status)> addition(const Access& access);
    // since, until: instants, or civil dates, both included.
    struct Filter {
        std::string person, route, since, until;
        int status = 0;
        int limit = 50;
        std::string before_id;
        std::vector<std::string> without_routes; // those that ask again and again by themselves, say
    };
    struct Row {
        std::string id;
        Access access;
    };
    std::vector<Row> list(const Filter& filter); // newest first

  private:
    Database& database_;
};

// A district's settings: rules.json, the indicator catalogue, calendars. Versioned, each change with who and when. The
// newest version counts; of a dated one, whose value says "in_force_from", the newest whose day has come (before any
// has: the first).
class Rules {
  public:
    explicit Rules(Database& database) : database_(database) {}
    Json get(std::string_view key); // null when unset
    Json all(); // newest of each key, without the bulky "catalogue" and "calendar" and what is proposed
    // `since`: as in db/people.hpp; throws Overtaken.
    void set(std::string_view key, const Json& value, const engine::PersonId& by, engine::Instant at,
             const std::optional<std::string>& since = {});
    struct Change {
        std::string key;
        Json value;
        engine::PersonId by;
        engine::Instant at;
        int version = 0;
    };
    std::vector<Change> changes(std::string_view key); // newest first
    // Single values of this installation: demo clock offset, server secret's fingerprint …
    std::optional<std::string> setting(std::string_view key);
    void put_setting(std::string_view key, std::string_view value);

  private:
    Database& database_;
};

// Indicator answers while they are being filled in. One draft per case, last writer wins per indicator.
class Drafts {
  public:
    explicit Drafts(Database& database) : database_(database) {}
    Json get(const engine::CaseId& id); // {"ORG-01": {"value":3,"note":"","evidence":["sha256"]} …}; empty object: none
    void save(const engine::CaseId& id, const Json& changed, const engine::PersonId& by,
              engine::Instant at); // merges; null removes
    void remove(const engine::CaseId& id);

  private:
    Database& database_;
};

// Content-addressed documents, kept in chunks in the database: one backup, one truth, any number of servers.
struct DocumentInfo {
    std::string sha256, name, media_type; // the same content may go by another name and type with each uploader
    std::int64_t size = 0;
    engine::PersonId added_by;
    engine::Instant added_at;
};

class Documents {
  public:
    explicit Documents(Database& database) : database_(database) {}
    // Streams in; all or nothing. The same content again adds nothing but who else has it, and under what name.
    // REQUIRES: size and type were checked. Returns the upload of this person.
    DocumentInfo add(std::istream& content, std::string_view name, std::string_view media_type,
                     const engine::PersonId& by, engine::Instant at, std::int64_t size_max); // throws TooLarge
    std::optional<DocumentInfo> info(std::string_view sha256); // as its first uploader named it
    // Whoever has uploaded the content has it, as they named it last: the second uploader of the same bytes may use it
    // like the first and learns nothing of the first.
    std::optional<DocumentInfo> uploaded_by(std::string_view sha256, const engine::PersonId& person);
    void write_to(std::string_view sha256, std::ostream& out); // chunk by chunk
    std::string content(std::string_view sha256);              // small ones
    // Who may read a document: its uploader, and whoever sees a case whose event names it. Commands do this in their
    // own transaction (Transaction::link_documents).
    void link(const engine::CaseId& id, const std::vector<std::string>& sha256s);
    std::vector<engine::CaseId> linked_cases(std::string_view sha256);
    std::vector<std::string> links_of_case(const engine::CaseId& id); // whether or not their documents are there
    // As the first of those who acted in the case uploaded them.
    std::vector<DocumentInfo> of_case(const engine::CaseId& id);

  private:
    Database& database_;
};

class TooLarge : public std::runtime_error {
  public:
    TooLarge() : std::runtime_error("document too large") {}
};

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

struct DueTimer {
    engine::CaseId case_id;
    std::string key, command;
    engine::Instant due_at;
};

class Timers {
  public:
    explicit Timers(Database& database) : database_(database) {}
    std::vector<DueTimer> claim(int limit, engine::Instant now, int lease_seconds); // oldest first
    std::optional<engine::Instant> next_due();

  private:
    Database& database_;
};

// Rows of administration that are not cases: who changed people, grants, rules. Append-only.
struct AdminEvent {
    engine::Instant at;
    engine::PersonId by;
    std::string what; // person_added, grant_added, grant_removed, rule_changed, …
    Json details;
    std::string id{}; // given when it is written; later ones are greater
};
class AdminLog {
  public:
    explicit AdminLog(Database& database) : database_(database) {}
    void add(const AdminEvent& event);
    // Newest first; `before_id` and `what` may be empty.
    std::vector<AdminEvent> list(int limit, std::string_view before_id = "", std::string_view what = "");

  private:
    Database& database_;
};

} // namespace cunmai::db
