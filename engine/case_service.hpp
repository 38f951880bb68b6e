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
    std::vector<std::string>
        documents; // SHA-256 of those that the payload names; with the command they become the case's
    // What the edge found wrong with what was sent (a file that can't be taken). It stands before what the engine
    // finds wrong with the same field: the command is refused with both, and who tried it is kept.
    Refusal objections{};
    // Writes what must be kept exactly when the outcome is, accepted or not, in the same transaction. Perhaps called
    // again, also after it was kept: the same must then be written once.
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

// One command of the current state, asked without being given: "what can I do, and if not, why not?"
struct Offer {
    std::string command;
    bool allowed = false;         // by role and by condition
    bool by_role = false;         // the person's roles suffice
    std::vector<std::string> who; // who may, when the person may not
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
    // Key of the HMAC that keeps bodies under an idempotency key: a low-entropy body (a vote) can't be guessed from it.
    CaseService(Store& store, const Registry& registry, const Roles& roles, const Clock& clock, std::string secret);
    virtual ~CaseService() = default;
    CaseService(const CaseService&) = delete;
    CaseService& operator=(const CaseService&) = delete;

    // Throws StoreUnavailable. Where the store does not know whether a command with a key was kept, the key is looked
    // up and answers; only where that can't be done either is the outcome unknown to the caller.
    Outcome execute(const CommandRequest& request);
    // Fires one due timer: an internal command of the engine. One that the case no longer wants is forgotten: not_here.
    Outcome fire(const CaseId& case_id, const std::string& timer_key, const std::string& command);
    // Several in one transaction, in their order; how many were still wanted. When that fails each is fired alone, and
    // `failed` is told of those that still fail.
    std::size_t fire_all(const std::vector<Firing>& due,
                         const std::function<void(const Firing&, const std::exception&)>& failed);

    std::optional<CaseAndOffers> offers(const CaseId& id, const PersonId& person, const PersonId& on_behalf_of);
    // Commands that would open a case of the definition for the place.
    std::vector<Offer> opening_offers(const std::string& definition, const std::string& place_code,
                                      const PersonId& person, const PersonId& on_behalf_of);

  protected:
    // For who counts: "lost_race", a command that is decided anew because another was first; "unknown_commit", one of
    // which nobody knew whether it was kept, until its key told.
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
