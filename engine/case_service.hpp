// The only door: whoever wants to change a case gives a command here (architecture.md §2).
#pragma once

#include "engine/authority.hpp"
#include "engine/ports.hpp"
#include "engine/registry.hpp"

namespace cunmai::engine {

struct Outcome;

struct CommandRequest {
    CaseId case_id;                               // empty: opens a new case …
    std::string definition;                       // … of this definition
    std::string place_code;                       // … for this place
    std::string batch;                            // … in this round (may be empty)
    std::optional<std::int64_t> expected_version; // required for a person's command on an existing case
    std::string name;
    Json payload = Json::object();
    PersonId actor;
    PersonId on_behalf_of;
    std::string idempotency_key; // empty only for the engine's own commands
    std::string request_id;
    // SHA-256 of the documents that the payload names. An accepted command links them to the case.
    std::vector<std::string> documents;
    // Faults that the edge found in the request, such as a file that can't be taken. They replace what the engine finds
    // wrong with the same field. The command is refused with these and all other faults, and the refusal is kept.
    Refusal objections{};
    // Called with the outcome, accepted or not, to write what must be kept together with it in the same transaction.
    // It may be called again, even after a commit: calling it twice must leave the same as calling it once.
    std::function<void(Transaction&, const Outcome&)> beside{};
};

struct Outcome {
    enum class Kind {
        accepted,        // state, version, seq; created: the child that was opened
        refused,         // reasons: 422
        invalid,         // reasons, each with a field: 422
        conflict,        // somebody was first; version and state are the current ones: 409
        forbidden,       // reasons: 403
        not_found,       // no such case, or none that this person may know of: 404
        unknown_command, // this definition has no such command: 404
        not_here,        // the command exists, not in this state: 422 with reason "not_in_this_state"
        key_reused,      // the idempotency key was used for another command: 422
    };
    Kind kind = Kind::not_found;
    CaseId case_id;
    std::string state;
    std::int64_t version = 0;
    CaseId created;
    Refusal refusal;
    bool replayed = false;    // the same command came before under this key; this is its first outcome
    std::string definition;   // of the case; empty when none was looked at
    std::string sealed_field; // of the payload, that went into a sealed box: nothing kept may tell what it was
};

// What would become of a command if this person gave it now: "what can I do, and if not, why not?"
struct Offer {
    std::string command;
    bool allowed = false;         // by role and by condition
    bool by_role = false;         // the person's roles suffice
    std::vector<std::string> who; // roles and relations that may give it
    Refusal missing;              // what else is missing
    const CommandInfo* info = nullptr;
};

struct CaseAndOffers {
    CaseRow row;
    std::vector<Offer> offers;
};

struct Firing { // a due timer
    CaseId case_id;
    std::string timer_key, command;
};

class CaseService {
  public:
    // `secret` is the key of the HMAC over a request's body that is kept with its idempotency key: from a plain hash a
    // short body (a vote) could be guessed.
    CaseService(Store& store, const Registry& registry, const Roles& roles, const Clock& clock, std::string secret);
    virtual ~CaseService() = default;
    CaseService(const CaseService&) = delete;
    CaseService& operator=(const CaseService&) = delete;

    // Throws StoreUnavailable. When the store can't tell whether a commit succeeded, the idempotency key is looked up,
    // which settles it. Only when that fails too, or without a key, does the exception say that the outcome is unknown.
    Outcome execute(const CommandRequest& request);
    // Fires one due timer, an internal command of the engine. If the case no longer wants the timer, it is removed and
    // the outcome is not_here.
    Outcome fire(const CaseId& case_id, const std::string& timer_key, const std::string& command);
    // Fires several timers in one transaction, in the given order. Returns how many were still wanted. When the
    // transaction fails, each timer is fired alone, and `failed` is called for each that fails again.
    std::size_t fire_all(const std::vector<Firing>& due,
                         const std::function<void(const Firing&, const std::exception&)>& failed);

    // Brings an open case to the newest version of its workflow, by one event. The outcome is refused, with reasons,
    // when the case can't move, and not_here when it has ended or is in the newest version. With `only_look` nothing
    // is written, and the outcome is what would happen.
    Outcome migrate(const CaseId& id, bool only_look);

    std::optional<CaseAndOffers> offers(const CaseId& id, const PersonId& person, const PersonId& on_behalf_of);
    // Commands that would open a case of the definition for the place.
    std::vector<Offer> opening_offers(const std::string& definition, const std::string& place_code,
                                      const PersonId& person, const PersonId& on_behalf_of);

  protected:
    // A hook for metrics. "lost_race": the command is decided again because another moved the case first.
    // "unknown_commit": it was unclear whether the command was kept, until its idempotency key told.
    virtual void ran_again(std::string_view) {}

  private:
    Outcome win_race(const Expected& expected, const std::function<Outcome(Transaction&)>& work);
    Outcome execute_once(const CommandRequest& request);

    Store& store_;
    const Registry& registry_;
    const Roles& roles_;
    const Clock& clock_;
    std::string secret_;
};

// Rebuilds a row from its events, without any database: verify and replay use it. Throws std::runtime_error that names
// the first event that doesn't fit.
CaseRow fold(const Registry& registry, const std::vector<Event>& events);

} // namespace cunmai::engine
