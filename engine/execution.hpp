// One command inside one open transaction: load, authorise, decide, append. Used by CaseService only.
#pragma once

#include "engine/case_service.hpp"

#include <initializer_list>

namespace cunmai::engine {

// Another transaction moved a case that this one has read; roll back and look again.
struct LostRace : std::exception {
    const char* what() const noexcept override { return "another command moved the case first"; }
};

struct Environment { // what an execution works with, besides its transaction
    const Registry& registry;
    const Roles& roles;
    Instant now;
    const std::string& secret;
};

// A case on its way through one command.
struct Subject {
    CaseRow row; // state not_opened when new
    const Definition* definition = nullptr;
    const Definition* before = nullptr; // its former definition, when the command moves it to another version
    CaseView view() const { return {row.id, row.place, row.state, row.facts}; }
};

// Tells a repeated request from another one under the same key: HMAC-SHA-256 under the server's secret, hex. The sealed
// field is left out: otherwise whoever has the secret could find the vote by trying each choice, and the voter would
// hold a receipt of it.
std::string body_hash(const CommandRequest& request, const std::string& secret, const std::string& without_field = {});

class Execution {
  public:
    // `hash`: body_hash of the whole request, made before the transaction began; needed for a request with a key.
    Execution(Transaction& tx, const Environment& environment, std::string_view hash = {})
        : tx_(tx), env_(environment), hash_(hash) {}

    Outcome run(const CommandRequest& request);
    Outcome fire(const CaseId& id, const std::string& timer_key, const std::string& command);
    Outcome migrate(const CaseId& id, bool only_look);
    // After AlreadyOpen rolled everything back: the first outcome of the same command, or the refusal.
    Outcome already_open(const CommandRequest& request);

    std::optional<Subject> find(const CaseId& id);
    // Fills in roles, qualifiers, relations and today; for a new case also place, parent and batch. Returns false when
    // `on_behalf_of` is set without a delegation in force.
    bool base_context(const Subject& subject, const PersonId& actor, const PersonId& on_behalf_of, Json& context);
    std::vector<Offer> offers(const Subject& subject, const PersonId& person, const PersonId& on_behalf_of);
    std::optional<Subject> new_subject(const Definition* definition, const Place& place);

  private:
    struct Order { // a command as it is decided, once the door let it in
        std::string command;
        Json payload;
        PersonId actor, on_behalf_of;
        std::string request_id;
        bool internal = false;
        Refusal objections{};
        bool only_look = false; // decide without writing anything
    };
    static Order order_of(const CommandRequest& request);
    std::optional<Subject> target_of(const CommandRequest& request);

    struct Passage { // what a person's command has found on its way
        std::optional<Subject> subject{};
        Json context = Json::object();
    };
    using Check = std::optional<Outcome> (Execution::*)(const CommandRequest&, Passage&); // an outcome stops it
    std::optional<Outcome> stopped(const CommandRequest& request, Passage& passage,
                                   std::initializer_list<Check> checks);
    std::optional<Outcome> seen_before(const CommandRequest& request);
    std::optional<Outcome> locate(const CommandRequest& request, Passage& passage);
    std::optional<Outcome> may_know(const CommandRequest& request, Passage& passage);
    std::optional<Outcome> is_up_to_date(const CommandRequest& request, Passage& passage);
    std::optional<Outcome> is_for_people(const CommandRequest& request, Passage& passage);
    std::optional<Outcome> may_stand_in(const CommandRequest& request, Passage& passage);
    std::optional<Outcome> is_possible(const Subject& subject, const Order& order);
    std::optional<Outcome> may_do(const Subject& subject, const Order& order, const Json& context);
    std::optional<Outcome> is_complete(const Subject& subject, const Order& order);
    Outcome given(const CommandRequest& request, Passage& passage);
    Outcome kept(const CommandRequest& request, Outcome outcome);
    std::string sealed_field_of(const Subject& subject, const Order& order) const;
    bool was_overtaken(const CommandRequest& request, const Subject& subject);
    void keep_attempt(const CommandRequest& request, const Subject& subject, Outcome::Kind kind, Refusal why);
    Outcome decide_and_apply(Subject& subject, const Order& order, Json context, int depth);
    void apply(Subject& subject, const Order& order, const Json& payload, const Json& context, Decision& decision,
               int depth);
    void write_row(const CaseRow& before, const Subject& after, bool is_new);
    void open_child(const Subject& parent, const Order& order, const Json& context, const OpenChild& child, int depth);
    void tell(const Tell& tell, const Order& order, int depth);
    Outcome refused(const Subject& subject, const Order& order, Outcome::Kind kind, Refusal refusal);
    std::string hash_without(const CommandRequest& request, const std::string& sealed_field) const;

    Transaction& tx_;
    const Environment& env_;
    const std::string_view hash_;
};

} // namespace cunmai::engine
