// Administration of people, grants, delegations, interests and rules, the same for API, pages and command line:
// loads what is known, asks the rules of engine/administration.hpp, writes, and logs who did it.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::administration {

struct Result {
    engine::Refusal refusal; // empty when it was done
    std::string id;          // the id of what was added
    bool ok() const { return refusal.empty(); }
};

inline constexpr std::size_t password_length_min = 8; // characters; ASVS 5.0, 6.2.1

// Whether the viewer may learn that a person exists. Administrators may look up everybody; others may look up
// themselves and everybody who holds a role in their own jurisdiction or above it.
bool may_look_up(App& app, const engine::Viewer& viewer, const engine::PersonId& person);

bool administers(App& app, const engine::PersonId& person); // holds one of the administrators' roles

// An empty `by` means the command line, used by somebody who can read the server's secret; it is logged as "cli".
// A password that is given here must be changed at the first sign-in, and so must that of a new administrator.
Result add_person(App& app, const engine::PersonId& by, db::Person person, const std::string& password);
Result change_person(App& app, const engine::PersonId& by, const db::Person& person); // disabling ends all sessions
Result change_own_language(App& app, const engine::PersonId& person, const std::string& language);
Result set_password(App& app, const engine::PersonId& by, const engine::PersonId& person,
                    const std::string& password); // ends all sessions; the person must then choose a new password
Result change_own_password(App& app, const engine::PersonId& person, const std::string& old_password,
                           const std::string& password);
Result add_grant(App& app, const engine::PersonId& by, const engine::PersonId& person, const std::string& role,
                 const std::string& qualifier, const std::string& place_code);
Result remove_grant(App& app, const engine::PersonId& by, const std::string& grant_id);
Result delegate(App& app, const engine::PersonId& principal, const engine::PersonId& delegate, const std::string& role,
                const std::string& from_on, const std::string& until_on, const std::string& reason); // days included
Result end_delegation(App& app, const engine::PersonId& principal, const std::string& id);
Result declare_interest(App& app, const engine::PersonId& person, const std::string& place_code,
                        const std::string& reason);
Result end_interest(App& app, const engine::PersonId& person, const std::string& id);
Result add_place(App& app, const engine::PersonId& by, const engine::Place& place);
Result rename_place(App& app, const engine::PersonId& by, const std::string& code, const std::string& name);
// A rule is in force at once. A catalogue only becomes a proposal, which another person has to approve.
Result set_rule(App& app, const engine::PersonId& by, const std::string& key, const Json& value);

struct Proposal {
    int number = 0; // a later proposal has a greater number and replaces it
    Json value;
    engine::PersonId by;
    engine::Instant at;
};
std::optional<Proposal> proposal_of(App& app, const std::string& key); // the proposal that waits for approval
// Approves proposal `number`, which the person has seen. Refused when it has been replaced or is the person's own.
Result approve_rule(App& app, const engine::PersonId& by, const std::string& key, int number);

// Argon2id, m = 46 MiB, t = 1, p = 1.
std::string hash_password(const std::string& password);

} // namespace cunmai::administration
