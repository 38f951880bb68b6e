// How a workflow is shown, as data of the workflow: no HTML and no language, message keys only. Pages are generic over
// it; nothing in it decides anything. A workflow that says nothing is shown by its table: its states in their order,
// its facts by the fields of its commands, its list by title, state and due date.
//
// Keys are those of the definition (states, commands, fields, roles); check_presentation() finds one that is not.
#pragma once

#include "engine/definition.hpp"

#include <map>

namespace cunmai::engine {

using Keys = std::vector<std::string_view>;

// ---- what is shown of a case ------------------------------------------------------------------------------------

// A value with its type, so that the page can say it in the reader's language. Made by the named makers.
struct Shown {
    enum class Kind {
        text,
        number,
        percent,
        money, // of an amount in fen
        date,  // civil, as text
        instant,
        yes_no,
        person, // id
        case_link,
        document, // SHA-256
        place,    // code
        colour,
        state,    // of the definition `of`
        choice,   // of the field `of`
        field,    // the name of a field
        word,     // message <of>.<value>
        names,    // in the district's own words: {language: text}
        sentence, // message `of`, its {placeholders} filled by `parts`
        list,     // `parts` in their order, their names empty
    };
    Kind kind = Kind::text;
    std::string of{};
    Json value{};
    std::vector<std::pair<std::string, Shown>> parts{};

    bool empty() const; // nothing to be shown: null, "" or no part of a list

    static Shown text(Json value) { return make(Kind::text, "", std::move(value)); } // a number as it stands, too
    static Shown number(Json value) { return make(Kind::number, "", std::move(value)); }
    static Shown percent(Json value) { return make(Kind::percent, "", std::move(value)); }
    static Shown money_fen(Json value) { return make(Kind::money, "", std::move(value)); }
    static Shown date(Json value) { return make(Kind::date, "", std::move(value)); }
    static Shown instant(Instant at) { return make(Kind::instant, "", at.micros); }
    static Shown yes_no(Json value) { return make(Kind::yes_no, "", std::move(value)); }
    static Shown person(Json id) { return make(Kind::person, "", std::move(id)); }
    static Shown people(const Json& ids) { return each(Kind::person, "", ids); } // an array, or one
    static Shown case_link(Json id) { return make(Kind::case_link, "", std::move(id)); }
    static Shown cases(const Json& ids) { return each(Kind::case_link, "", ids); }
    static Shown documents(const Json& sha256s) { return each(Kind::document, "", sha256s); }
    static Shown place(Json code) { return make(Kind::place, "", std::move(code)); }
    static Shown places(const Json& codes) { return each(Kind::place, "", codes); }
    static Shown colour(Json colour) { return make(Kind::colour, "", std::move(colour)); }
    static Shown state(std::string_view definition, Json state) {
        return make(Kind::state, definition, std::move(state));
    }
    static Shown choice(std::string_view field, Json value) { return make(Kind::choice, field, std::move(value)); }
    static Shown choices(std::string_view field, const Json& values) { return each(Kind::choice, field, values); }
    static Shown field(std::string_view key) { return make(Kind::field, "", key); }
    static Shown word(std::string_view family, Json key) { return make(Kind::word, family, std::move(key)); }
    static Shown words(std::string_view family, const Json& keys) { return each(Kind::word, family, keys); }
    static Shown names(Json by_language) { return make(Kind::names, "", std::move(by_language)); }
    static Shown sentence(std::string_view message, std::vector<std::pair<std::string, Shown>> parts = {});
    static Shown of_field(const Field& field, const Json& value); // by the type of the field

  private:
    static Shown make(Kind kind, std::string_view of, Json value) { return {kind, std::string(of), std::move(value)}; }
    static Shown each(Kind kind, std::string_view of, const Json& values);
};

// Where a row or a reason leads: a special page, a case, or a list of cases. Nowhere when it says nothing.
struct Link {
    std::string page{}; // key of a special page, about the case that is shown
    std::string case_id{};
    std::string definition{};                                   // list of its cases …
    std::vector<std::pair<std::string, std::string>> filters{}; // … by these
    bool here = false;                                          // … and at the place of the case that is shown

    bool empty() const { return page.empty() && case_id.empty() && definition.empty(); }
    static Link to_page(std::string_view page) { return {std::string(page)}; }
    static Link to_case(std::string id) { return {"", std::move(id)}; }
    static Link to_list(std::string_view definition, std::vector<std::pair<std::string, std::string>> filters = {}) {
        return {"", "", std::string(definition), std::move(filters)};
    }
    static Link to_list_here(std::string_view definition,
                             std::vector<std::pair<std::string, std::string>> filters = {}) {
        return {"", "", std::string(definition), std::move(filters), true};
    }
};

struct ShownRow { // one without a value is left out
    Shown label{}, value{};
    Link link{};
};

// The rows of this one stand with number and dates of the case, without a heading of their own.
inline constexpr std::string_view main_section = "summary";

struct ShownSection { // one without rows is left out
    std::string key{};
    std::string heading{}; // message
    std::vector<ShownRow> rows{};
    Keys roles{};        // who finds it on the case's page: holders of one of them there; empty: everybody
    bool on_page = true; // false: only where a command decides on it
};

struct Card { // a case on a board, or below the case that opened it
    Shown person{};
    std::string due_on{};
    int percent = -1; // -1: none
    Shown note{};     // beside the due date
};

// ---- the presentation -------------------------------------------------------------------------------------------

enum class Tone { plain, waiting, done }; // a state that is final and plain is shown as over

struct Column { // of the list of cases
    enum class Of { title, number, place, state, category, due, updated, opened, fact };
    Of of = Of::fact;
    std::string_view fact{};    // given to Definition::column
    std::string_view heading{}; // message; empty: the name of the field `fact`

    static Column title() { return {Of::title}; }
    static Column number() { return {Of::number}; }
    static Column place() { return {Of::place}; }
    static Column state() { return {Of::state}; } // with the colour, where there is one
    static Column category() { return {Of::category}; }
    static Column due() { return {Of::due}; }
    static Column updated() { return {Of::updated}; }
    static Column opened() { return {Of::opened}; }
    static Column of_fact(std::string_view key, std::string_view heading = {}) { return {Of::fact, key, heading}; }
};

struct Count { // of open cases: in a state, or of a colour
    std::string_view state{}, colour{};
    std::string_view message{}; // empty: the name of the state or colour
};

// What a decider must see with a command.
struct Basis {
    Keys states{};   // empty: in any
    Keys commands{}; // that decide on it
    Keys sections{}; // of Definition::sections
    Keys starts{};   // commands with which the matter began: what was handed in before the last of them is of old
    Keys entries{};  // further commands whose events are shown; those of `starts` are
};

// Commands that answer one question: offered together, each with its own fields. Messages: decision.<definition>.<key>.
struct Question {
    std::string_view key{};
    Keys states{}; // empty: in any
    Keys answers{};
};

// What a field offers to choose from.
struct Offered {
    std::string_view field{};
    Keys roles{};                // persons: holders of these over the place; empty: whoever acts there
    std::string_view cases_of{}; // cases: open ones of this definition …
    Keys states{};               // … in these states, or in any
    bool here = true;            // … at the place, or wherever the person sees them
    std::string_view openings{}; // places below: with how many of them have no open case of this definition
};

// What stands in a form before anything was typed: facts that the command changes.
struct Filled {
    std::string_view command{};
    std::string_view from{};  // JSON pointer: an object with the fields by their keys …
    std::string_view field{}; // … or, with this, the value of that field
};

// Dates that a form proposes: each so many days after the one before, by a rule {step: days}.
struct ProposedDates {
    std::string_view command{}, rule{};
    std::vector<std::pair<std::string_view, std::string_view>> steps{}; // step, field
};

// What mends a refusal: a command, or a page where it is to be seen. With a fact: only when the reason has that value.
struct Mend {
    std::string_view reason{}, command{};
    std::string_view fact{}, value{};
    Link link{};
    std::string_view link_text{}; // message
};

struct PageLink {
    std::string_view page{}; // key of a special page
    std::string_view text{}; // message
};

struct Children { // cases that this one opened, on its page
    std::string_view definition{};
    std::string_view heading{}, none{}, ended{}, to_list{}; // messages; `ended` has {count}
};

struct Ballots { // held in the case: see engine/ballot.hpp
    std::string_view open_fact = "ballot", closed_fact = "ballots";
    std::string_view open{}, vote{}, recuse{}, close{}; // commands
    std::string_view section{};                         // of the basis: what is voted on; the page adds one's own vote
};

// What a command's form lets be empty and its conditions ask for all the same: a secret vote is taken out before they
// are asked, a draft may have said it already.
struct Asked {
    std::string_view command{};
    Keys fields{};
};

struct Presentation {
    Keys main_line{}; // states of the ordinary way, in order; empty: by the table
    std::map<std::string_view, Tone> tones{};

    std::string_view list_title{};    // message; empty: the name of the definition
    Keys listed_for{};                // roles whose navigation has the list
    std::vector<Column> columns{};    // empty: title, state, due date
    std::vector<Count> counts{};      // above the list
    std::vector<Count> home{};        // on the worktop
    std::string_view home_by_state{}; // message: the worktop says under it how many are in which state
    Keys categories{};                // to filter by; messages category.<key>
    bool coloured = false;            // cases have colours to filter by

    std::vector<Basis> bases{};
    std::vector<Question> questions{};
    Keys grave{};                   // commands that end something for good
    std::vector<Offered> offered{}; // by field
    std::vector<Filled> filled{};
    std::vector<ProposedDates> proposed{};
    std::vector<Asked> asked{};
    std::vector<Mend> mends{};
    std::vector<Children> children{};
    std::optional<Ballots> ballots{};

    std::string_view opens_at{};     // level of the place; empty: any
    std::string_view opening_text{}; // message for the way to open one; empty: made of the definition's name
    std::string_view batch_of{};     // definition whose cases are opened in the name of this one
    std::string_view case_page{}, list_page{}, opening_page{};    // special pages in the place of the general ones
    std::map<std::string_view, std::string_view> command_pages{}; // command → special page
    std::vector<PageLink> tabs{};                                 // of the case
    std::vector<PageLink> links{};                                // beside its summary
};

// With what follows where the presentation says nothing.
Keys main_line_of(const Definition& definition);
Keys states_in_order(const Definition& definition); // the main line, then the others as the table has them
std::vector<Column> columns_of(const Definition& definition);
Tone tone_of(const Definition& definition, std::string_view state);
const Question* question_of(const Definition& definition, std::string_view state, std::string_view command);
const Basis* basis_of(const Definition& definition, std::string_view state, std::string_view command);
const Offered* offered_for(const Definition& definition, std::string_view field);
bool is_grave(const Definition& definition, std::string_view command);
bool is_asked_for(const Definition& definition, std::string_view command, std::string_view field);
std::string_view page_of_command(const Definition& definition, std::string_view command); // special; or empty
// The first mend that fits the reason, or null.
const Mend* mend_of(const Definition& definition, const Reason& reason);
// The field of that key in any of the commands, or null.
const Field* field_of(const DefinitionInfo& info, std::string_view key);

// Throws std::logic_error that names the first key which the definition does not have.
void check_presentation(const Definition& definition);

} // namespace cunmai::engine
