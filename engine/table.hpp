// The words of a transition table that need no Boost.MSM: who gives a command, what it does, under which conditions.
// A workflow's roles, commands, conditions and actions include this; only its machine.cpp includes engine/machine.hpp.
#pragma once

#include "engine/definition.hpp"

#include <boost/mp11/list.hpp>

#include <type_traits>

namespace cunmai::engine {

namespace mp11 = boost::mp11;

// A state is known by its key: that is what the database stores.
struct State {
    static constexpr bool is_final = false;
};
struct FinalState : State {
    static constexpr bool is_final = true;
};
struct NotOpened : State {
    static constexpr std::string_view key = not_opened;
};
struct Stays {};

// One question to a machine, which passes through it as the event.
struct Occurrence {
    const Ask* ask = nullptr;
    Decision* decision = nullptr;
    Refusal* why = nullptr;
    std::vector<std::string>* who = nullptr; // collects who may, where the asker may not
    bool* authorised = nullptr;
};

struct Command : Occurrence {
    static constexpr bool personal = false, internal = false, opens_child = false, commutes = false;
    static Fields fields() { return {}; }
};
struct InternalCommand : Command {
    static constexpr bool internal = true;
};

// Brings a running case to this version of its workflow; `cunmai migrate-cases` gives it. The table has a row with this
// command in each state from which a case may come over; the row's actions change the facts as the version needs them.
struct Migrate : InternalCommand {
    static constexpr std::string_view key = migrate_command;
    static Fields fields() { return {Field::of(FieldType::integer, "from_version")}; }
};

// A role or a relation of the who-column. A relation is computed by Definition::relations.
struct Role {};
struct Relation {};
struct Engine : Role {
    static constexpr std::string_view key = engine_role;
};

// What a condition, a branch or an action reads from outside its case. A need is a type that says under which key its
// value stands in the command's context, and how the value is found. It is null when there was nothing to look for, or
// nothing was found.
//
//   struct LimitInForce {
//       static constexpr std::string_view key = "limit";
//       static Json gather(const Ask& ask, Knowledge& knowledge);
//   };
//
// A condition that reads the need declares it. Then it is gathered for every row in which the condition is used:
//
//   struct WithinLimit : InputCondition {
//       static constexpr std::string_view key = "within_limit";
//       using needs = Needs<LimitInForce>;
//       static bool holds(const Ask& ask, Refusal& why) { … needs::get<LimitInForce>(ask) … }
//   };
//
// gather() is also called for the preview, where nothing was entered. It may take a `const CommandInfo&` between the
// other two parameters. A need may have needs of its own, which are gathered first.
template <class... Declared> struct Needs {
    template <class Need>
    requires(std::is_same_v<Need, Declared> || ...) static const Json& get(const Ask& ask) {
        return ask.need(Need::key);
    }
};

// A condition explains itself when it does not hold. It reads facts and context; the preview "what can I do?" asks it.
struct Condition {};
// A condition on what was entered; the preview passes it over.
struct InputCondition : Condition {};
// Chooses between rows of one command; it has nothing to explain.
struct Branch : Condition {};

// A condition or an action whose body was changed says `static constexpr int revision = 2;`. The number goes into the
// fingerprint of the tables that name it, so that no version of a workflow keeps its number when a body changes.

template <class... Whos> struct By {};
template <class... Actions> struct Do {};
template <class... Conditions> struct If {};

} // namespace cunmai::engine
