// A workflow as the engine sees it: states, commands, rows, and one pure function, decide.
// No clock, no I/O, no randomness inside a definition: time comes with the command, and everything that a guard
// reads from outside the case is gathered beforehand by context() and kept in the event, so that every decision
// can be taken again from the record alone.
#pragma once

#include "engine/ids.hpp"
#include "engine/json.hpp"
#include "engine/refusal.hpp"
#include "engine/time.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cunmai::engine {

struct Event;   // event.hpp
struct Refused; // ports.hpp

// ---- what a command carries -------------------------------------------------------------------------------------

enum class FieldType {
    line,    // one line of text
    text,    // several lines
    choice,  // one of `choices`
    choices, // several of `choices`: JSON array of strings
    integer,
    decimal,
    boolean,
    date,      // "YYYY-MM-DD"
    person,    // a person's id
    people,    // JSON array of person ids
    case_id,   // another case
    cases,     // JSON array of case ids
    document,  // an attachment's SHA-256, lower-case hex
    documents, // JSON array of those
    places,    // JSON array of place codes
};

struct Field {
    std::string key;
    FieldType type = FieldType::line;
    bool required = true;
    std::vector<std::string> choices; // message keys: choice.<field key>.<choice>
    int length_max = 0;               // characters; 0: 200 for line, 4000 for text
    double min = 0, max = 0;          // for numbers, when max > min

    static Field line(std::string key) { return {std::move(key), FieldType::line, true, {}, 0, 0, 0}; }
    static Field text(std::string key) { return {std::move(key), FieldType::text, true, {}, 0, 0, 0}; }
    static Field date(std::string key) { return {std::move(key), FieldType::date, true, {}, 0, 0, 0}; }
    static Field of(FieldType type, std::string key) { return {std::move(key), type, true, {}, 0, 0, 0}; }
    static Field choice(std::string key, std::vector<std::string> choices) {
        return {std::move(key), FieldType::choice, true, std::move(choices), 0, 0, 0};
    }
    static Field choices_of(std::string key, std::vector<std::string> choices) {
        return {std::move(key), FieldType::choices, true, std::move(choices), 0, 0, 0};
    }
    static Field number(std::string key, FieldType type, double min, double max) {
        return {std::move(key), type, true, {}, 0, min, max};
    }
    Field optional() && {
        required = false;
        return std::move(*this);
    }
};
using Fields = std::vector<Field>;

// Checks a payload against the fields: unknown field, missing, wrong type, too long, not a choice, not a date.
Refusal check_payload(const Fields& fields, const Json& payload);

struct CommandInfo {
    std::string key;
    Fields fields;
    bool personal = false; // can't be given on behalf of another (a vote)
    bool internal = false; // given by the engine only: timers, tells
    bool opens_child = false;
    bool commutes = false; // the order among such commands makes no difference (votes)
};

// ---- what a table says ------------------------------------------------------------------------------------------

struct StateInfo {
    std::string key;
    bool final = false;
};

struct RowInfo {
    std::string from, command, to;     // to == from when the case stays
    std::vector<std::string> who;      // role keys, relation keys ("responsible_person") or "engine"
    std::vector<std::string> does;     // action keys
    std::vector<std::string> provided; // condition keys
    std::vector<std::string> needs;    // keys of what its conditions and actions read from outside
};

// The pseudo-state of a case that does not exist yet: opening a case is a row like any other.
inline constexpr std::string_view not_opened = "not_opened";
inline constexpr std::string_view engine_role = "engine";
// The internal command that brings a running case to another version of its workflow: table.hpp, Migrate.
inline constexpr std::string_view migrate_command = "migrate";

struct DefinitionInfo {
    std::string key;
    int version = 1;
    bool one_open_per_place = false;
    std::vector<StateInfo> states; // without not_opened
    std::vector<CommandInfo> commands;
    std::vector<RowInfo> rows;
    // Revisions of actions and conditions that are not in their first: "do keep_vote" or "if may_vote" → 2.
    std::map<std::string, int> revisions;
    std::string fingerprint; // SHA-256 over keys, fields, rows and revisions, hex

    const CommandInfo* command(std::string_view name) const;
    // Who may give the command in the state, over all its rows; empty when it has no row there.
    std::vector<std::string> who_may(std::string_view state, std::string_view command) const;
    bool is_final(std::string_view state) const;
    bool has_state(std::string_view state) const;
};

// ---- deciding ---------------------------------------------------------------------------------------------------

struct Place {
    std::string code, name, parent, level; // level: district, town, village
    std::string path;                      // "/990100/990100001/990100001201/"; a prefix covers
};

template <class... Declared> struct Needs; // in table.hpp

// What a command is decided with besides facts and input: what the engine says (roles, relations, the day) and what was
// gathered for its rows. Workflows can read it only through Ask and Needs<…>::get, so that no condition or action reads
// anything that it did not declare.
class Context {
  public:
    Context(const Json& members) : members_(&members) {} // implicit, for making an Ask; the members must outlive it
    Context(Json&&) = delete;

  private:
    friend struct Ask;
    friend class NeedList;
    const Json* members_;
};

// A question to a workflow: may this command happen now, and what then?
struct Ask {
    CaseId case_id;
    Place place;
    std::string state; // not_opened when it does not exist yet
    const Json& facts;
    std::string command;
    const Json& payload;
    Context context; // see Definition::context; always has "roles", "qualifiers", "relations", "today"
    Instant at;
    PersonId actor;
    PersonId on_behalf_of; // empty when the actor acts for themselves
    bool preview = false;  // "could I?": conditions on the input are passed over

    const PersonId& acting_for() const { return on_behalf_of.empty() ? actor : on_behalf_of; }
    bool has_role(std::string_view role) const;
    bool has_qualifier(std::string_view role, std::string_view qualifier) const;
    bool has_relation(std::string_view relation) const; // of acting_for(), never of a delegate as such
    std::string today() const;                          // civil date in the district
    // Both persons of a delegated command count wherever duties are separated.
    Json persons() const;                      // [actor, on_behalf_of]
    bool is_one_of(const Json& persons) const; // null, a person's id, or an array of ids
    // Text that was entered; empty when it was left out (null counts as left out).
    std::string given(std::string_view field) const;

    // For the first command of a case: the case that opened it, and its round; empty when there is none.
    std::string parent() const;
    std::string batch() const;
    std::string new_case_id() const; // REQUIRES: the command opens a child
    bool was_sealed() const;         // a choice goes into the box (Definition::seal)
    // The count of the box that the command opens (Definition::opens_box); null when it opens none.
    const Json& box_tally() const;

  private:
    template <class... Declared> friend struct Needs;
    const Json& need(std::string_view key) const; // throws MissingNeed
    const Json& member(std::string_view key) const;
};

// A workflow was asked although a need that it declares was not gathered. This is a mistake in the program and never
// taken for "nothing found": the request stops, and nothing is written.
struct MissingNeed : std::logic_error {
    explicit MissingNeed(std::string_view key, std::string_view of = {});
};

struct Notice {                     // goes to the outbox; recipients are looked up after commit
    std::string topic;              // message keys: notice.<topic>.title / .body
    std::vector<std::string> roles; // holders of these at the case's place …
    std::string qualifier;          // … and, when not empty, with this qualifier
    std::vector<PersonId> people;   // and these persons
    Json params = Json::object();
};

struct Tell { // an internal command to another case, in the same transaction
    CaseId case_id;
    std::string command;
    Json payload = Json::object();
};

struct OpenChild { // its id is context["new_case_id"]
    std::string definition;
    std::string command; // a row from not_opened
    Json payload = Json::object();
};

struct Decision {
    std::string to; // state after
    Json facts;     // facts after: actions change this copy
    std::optional<OpenChild> child;
    std::vector<Tell> tells;
    std::vector<Notice> notices;
    std::vector<std::pair<std::string, PersonId>> unseal; // sealed votes to be struck: box, person
    std::size_t row = 0;                                  // index into DefinitionInfo::rows
};

struct Verdict {
    enum class Kind { accepted, refused, forbidden, not_here };
    Kind kind = Kind::not_here;   // not_here: no row for this command in this state
    Decision decision;            // when accepted
    Refusal refusal;              // when refused
    std::vector<std::string> who; // when forbidden: who may
};

// ---- what a state asks for --------------------------------------------------------------------------------------

struct CaseView { // a case between two commands
    CaseId id;
    Place place;
    std::string state;
    const Json& facts;
};

struct Task {              // one line in somebody's worklist
    std::string command;   // what to do; the worklist links to it
    std::string role;      // who: holders of the role at the case's place
    std::string qualifier; // of this department / kind only
    PersonId person;       // or this one person
    std::string due_on;    // civil date, may be empty

    friend bool operator==(const Task&, const Task&) = default;
};

struct Timer {
    std::string key; // unique within the case
    Instant due_at;
    std::string command; // internal, no payload

    friend bool operator==(const Timer&, const Timer&) = default;
};

struct Summary { // what lists show and sort by
    std::string title;
    std::string category;
    std::string due_on;
    std::string colour; // "", green, yellow, red

    friend bool operator==(const Summary&, const Summary&) = default;
};

struct Involvement { // a person bound to a case by more than a role: a post, a responsibility
    PersonId person;
    std::string as;

    friend bool operator==(const Involvement&, const Involvement&) = default;
    friend auto operator<=>(const Involvement&, const Involvement&) = default;
};

struct Holder {
    PersonId person;
    std::string role;
    std::string qualifier;
    std::string place_path; // of the jurisdiction
};

struct LinkedCase {
    CaseId id;
    std::string definition, state, place_path;
    Json facts;
};

// Everything that a guard may want to know from outside its case. Implemented over the open transaction.
class Knowledge {
  public:
    virtual ~Knowledge() = default;
    virtual Json rule(std::string_view key) = 0; // a district's setting; null when unset
    // Persons who hold the role, now, with a jurisdiction that covers the place.
    virtual std::vector<Holder> holders(std::string_view role, std::string_view place_path) = 0;
    virtual std::vector<Holder> roles_of(const PersonId& person) = 0;
    // Roles of other persons that are delegated to this person at that time.
    virtual std::vector<Holder> roles_delegated_to(const PersonId& person, Instant at) = 0;
    // Whether a declaration is in force now or was at any time after `since`: withdrawing it does not undo it at once.
    virtual bool declared_interest(const PersonId& person, std::string_view place_code, Instant since) = 0;
    // The existing cases among these, sorted by id and locked against change until commit.
    virtual std::vector<LinkedCase> linked_cases(const std::set<CaseId>& ids) = 0;
    std::optional<LinkedCase> linked_case(const CaseId& id);
    virtual std::optional<std::string> document(std::string_view sha256) = 0;
    virtual std::set<std::string> documents_there(const std::set<std::string>& sha256s) = 0; // a subset
    // Counts the sealed box, choice → count, leaving out the votes of the persons in `without`. See Definition::seal.
    virtual Json box_tally(const CaseId& id, std::string_view box, const std::vector<PersonId>& without) = 0;
};

struct Reader { // a person who wants to read a case
    PersonId person;
    std::vector<std::string> roles; // over the case's place, their own and delegated ones
};

// The contents of an event, as a reader may read them. A reader who may know of the event may always read its number,
// times, people, command, states and hashes.
struct Readable {
    Json payload, context, changes;
    std::string withheld; // why something is missing: message withheld.<why>; empty when nothing is
    bool is_known = true; // false when the reader may not know that it happened
};

struct Seal {          // keeps one field of a command out of the record
    std::string box;   // name of the box within the case
    std::string field; // payload field that goes into it
};

// How it is shown: engine/presentation.hpp.
struct Presentation;
struct Shown;
struct ShownRow;
struct ShownSection;
struct Card;
using RuleLookup = std::function<Json(std::string_view key)>; // a district's setting; null when unset

class Definition {
  public:
    virtual ~Definition() = default;
    virtual const DefinitionInfo& info() const = 0;
    virtual Verdict decide(const Ask& ask) const = 0;

    // Gathers what the rows of this command need from outside. It is kept in the event, so it must be small; null means
    // that nothing was found. `ask.context` already has roles, qualifiers, relations and today, and for an opening
    // command also place, parent and batch.
    virtual Json context(const Ask& ask, Knowledge& knowledge) const;
    virtual std::vector<Task> tasks(const CaseView& view) const;
    virtual std::vector<Timer> timers(const CaseView& view) const;
    virtual Summary summary(const CaseView& view) const;
    virtual std::vector<Involvement> involved(const CaseView& view) const;
    // Relations that stand in the who-column beside roles: {"responsible_person": [ids]}.
    virtual Json relations(const CaseView& view) const;
    // Whether this reader, who sees the case, may read all of it as it is now and all of its events. Then nothing has
    // to be parsed or copied. Everybody who sees the case also sees its tasks and summary, which therefore must not
    // tell anything that is withheld.
    virtual bool discloses_all(const Reader& reader, const CaseView& now) const;
    // Removes from `facts`, a copy of the case's facts, what this reader may not read now. REQUIRES: !discloses_all.
    virtual void disclose(const Reader& reader, const CaseView& now, Json& facts) const;
    // The same for one event of the case, old or new.
    virtual void disclose(const Reader& reader, const CaseView& now, const Event& event, Readable& content) const;
    // The same for a command that was refused: its reasons may tell what was tried.
    virtual void disclose(const Reader& reader, const CaseView& now, Refused& refused) const;
    // Must follow from command, state and facts alone: payload and context may be empty.
    virtual std::optional<Seal> seal(const Ask& ask) const;
    virtual std::optional<std::string> opens_box(const Ask& ask) const; // the box that the command counts and empties

    // ---- how it is shown: engine/presentation.hpp ----
    virtual const Presentation& presentation() const;
    // Its facts, under headings.
    virtual std::vector<ShownSection> sections(const CaseView& view, const RuleLookup& rules) const;
    virtual Shown column(const CaseView& view, std::string_view key) const; // a fact in the list of cases
    virtual Card card(const CaseView& view) const;                          // on a board
    // What the history says of an event; nothing: its fields, by their names.
    virtual std::optional<std::vector<ShownRow>> told(std::string_view command, const Json& payload) const;
};

// Facts after an event: facts before, patched (RFC 6902) by its changes.
Json evolve(const Json& facts, const Json& changes);

} // namespace cunmai::engine
