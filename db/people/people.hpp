// People, their grants, delegations, declared interests, places. Plain keeping: the rules (three administrators are
// three persons, no administrator holds a case role, …) stand in engine/administration.hpp. Every change leaves an
// event in the administration's chain, in the same transaction (db/kernel/administration_chain.hpp).
#pragma once

#include "db/kernel/database.hpp"
#include "db/kernel/deed.hpp"

namespace cunmai::db {

struct Person {
    engine::PersonId id;
    std::string login, name, phone, email, language = "zh-CN";
    bool active = true;
    std::string password_hash;         // Argon2id; empty when the person can't sign in
    std::int64_t password_version = 0; // of that hash; sessions opened with an earlier one are void
    bool password_must_change = false; // somebody else knows it: the person must choose another one first
};

struct GrantRow {
    std::string id;
    engine::PersonId person;
    std::string role, qualifier, place_code, place_path, place_name;
    engine::Instant granted_at;
    engine::PersonId granted_by;
};

struct DelegationRow {
    std::string id;
    engine::Delegation delegation;
    std::string reason;
};

struct InterestRow {
    std::string id;
    engine::PersonId person;
    std::string place_code, reason;
    engine::Instant declared_at;
};

class People {
  public:
    explicit People(Database& database) : database_(database) {}

    // The name of the present state of people and of what they may do. A caller that checks something and then writes
    // reads the name before the check and passes it to the write as `since`. The write throws Overtaken, and changes
    // nothing, when the state has been changed meanwhile, on any server.
    std::string state();
    using Since = std::optional<std::string>;
    // Cases in which a person holds a post or a responsibility: case id → as. A write that is given these throws
    // Overtaken, too, when they have changed: commands on cases do not change the state's name.
    using Involvements = std::vector<std::pair<engine::CaseId, std::string>>;

    std::optional<Person> find(const engine::PersonId& id);
    std::optional<Person> by_login(std::string_view login); // logins are compared in lower case
    struct Within { // whom a person may look up: themselves, and holders of a role in these jurisdictions
        engine::PersonId self;
        std::vector<std::string> scopes;
    };
    std::vector<Person> search(std::string_view text, std::string_view role, int limit, std::string_view after_login,
                               const Within* within = nullptr, // null: everybody
                               bool by_login = true);          // false: `text` is looked for in names only
    // Throws AlreadyThere when the login is taken; the first password_version is 0.
    void add(const Person& person, const Deed& deed = {});
    // People with their grants, all or none, as one event (of very many: some).
    void add_all(const std::vector<Person>& people, const std::vector<GrantRow>& grants, const Deed& deed,
                 const std::function<void()>& step = {}); // called after each
    // Everything but the password. Ends all sessions of who is active no longer.
    void update(const Person& person, const Since& since = {}, const Involvements* involved = nullptr,
                const Deed& deed = {});
    // Ends all sessions of the person, including those that are just being opened. Returns false, and does nothing,
    // when the password is no longer the one with this `version`.
    bool set_password(const engine::PersonId& id, std::string_view hash, bool must_change,
                      std::optional<std::int64_t> version = {}, const Deed& deed = {});

    std::vector<GrantRow> grants_of(const engine::PersonId& person);
    std::vector<GrantRow> grants_over(std::string_view place_path,
                                      std::string_view role); // those whose jurisdiction covers the place
    std::optional<GrantRow> grant(std::string_view grant_id);
    enum class Password { stays, must_be_changed }; // of who gets the grant
    void add_grant(const GrantRow& grant, const Since& since = {}, const Deed& deed = {},
                   Password password = Password::stays);
    // The grant gets an end; it is never deleted.
    void remove_grant(std::string_view grant_id, engine::Instant at, const Since& since = {},
                      const Involvements* involved = nullptr, const Deed& deed = {});

    std::vector<DelegationRow> delegations_from(const engine::PersonId& principal);
    std::vector<DelegationRow> delegations_to(const engine::PersonId& delegate);
    void add_delegation(const DelegationRow& row, const Since& since = {}, const Deed& deed = {});
    void end_delegation(std::string_view id, engine::Instant at, const Deed& deed = {});

    std::vector<InterestRow> interests_of(const engine::PersonId& person);
    void add_interest(const InterestRow& row, const Deed& deed = {});
    void end_interest(std::string_view id, engine::Instant at, const Deed& deed = {});

    // Names for ids, for pages.
    std::map<std::string, std::string> names(const std::vector<std::string>& ids);
    Involvements involvements(const engine::PersonId& person);

  private:
    Database& database_;
};

class Overtaken : public std::runtime_error {
  public:
    Overtaken() : std::runtime_error("people were changed meanwhile") {}
};

class AlreadyThere : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class PlaceMoved : public std::runtime_error {
  public:
    explicit PlaceMoved(const std::string& moved)
        : std::runtime_error("place " + moved + " is known with another parent or level"), code(moved) {}
    std::string code;
};

class Places {
  public:
    explicit Places(Database& database) : database_(database) {}

    std::optional<engine::Place> find(std::string_view code);
    std::vector<engine::Place> children(std::string_view code); // direct, by code
    std::vector<engine::Place> within(const std::vector<std::string>& scopes, std::string_view level,
                                      std::string_view text, int limit, std::string_view after_code);
    std::vector<engine::Place> all();
    bool any();
    // All in one transaction: inserts new places, renames changed ones. Returns {inserted, changed, unchanged}.
    // REQUIRES: no code comes twice.
    // Throws PlaceMoved when a known place comes with another parent or level; nothing is written then.
    struct Imported {
        int inserted = 0, changed = 0, unchanged = 0;
    };
    Imported import(const std::vector<engine::Place>& places, bool dry_run,
                    const std::function<void(std::int64_t done, std::int64_t total)>& progress = {},
                    const Deed& deed = {});

  private:
    Database& database_;
};

} // namespace cunmai::db
