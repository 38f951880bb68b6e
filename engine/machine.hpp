// From a Boost.MSM transition table to an engine::Definition.
//
// A workflow writes states, commands, conditions, actions and one table:
//
//   Row< TownScreening , Nominate , DepartmentReview , By<TownSupervisor> , Do<EnterPool> , If<CategoryChosen> >
//
// read as: in <state>, on <command>, go to <state>, given by <who>, do <actions>, provided <conditions>.
// Everything else (diagrams, permission matrix, offered commands, reachability) is read from that table.
//
// A machine is made, restored, asked once and thrown away: there is no live machine and no shared state.
// Include this header in one .cpp per workflow only: it is expensive to compile.
#pragma once

#include "engine/fingerprint.hpp"
#include "engine/needs.hpp"
#include "engine/table.hpp"

#include <boost/mp11.hpp>
#include <boost/mp11/mpl.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/back/tools.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <functional>
#include <map>
#include <type_traits>

namespace cunmai::engine {

// ---- words of a table -------------------------------------------------------------------------------------------

template <class In, class On, class GoTo, class Who, class Action = Do<>, class Provided = If<>> struct Row;

namespace detail {

template <class W> bool may(const Ask& ask) {
    return std::is_base_of_v<Relation, W> ? ask.has_relation(W::key) : ask.has_role(W::key);
}

// Returns false when a branch does not apply: then the row adds no reasons.
template <class C> bool check(const Ask& ask, Refusal& why, bool& ok) {
    if constexpr (std::is_base_of_v<Branch, C>) {
        if (!ask.preview && !C::holds(ask)) return false;
    } else {
        if (std::is_base_of_v<InputCondition, C> && ask.preview) return true;
        if (!C::holds(ask, why)) ok = false;
    }
    return true;
}

inline void note_who(std::vector<std::string>& who, std::string_view key) {
    if (std::find(who.begin(), who.end(), key) == who.end()) who.emplace_back(key);
}

template <class Who, class Provided> struct Guard;
template <class... Whos, class... Conditions> struct Guard<By<Whos...>, If<Conditions...>> {
    template <class Event, class Machine, class From, class To>
    bool operator()(const Event& event, Machine&, From&, To&) const {
        const Ask& ask = *event.ask;
        if (!(may<Whos>(ask) || ...)) {
            (note_who(*event.who, Whos::key), ...);
            return false;
        }
        *event.authorised = true;
        Refusal why;
        bool ok = true;
        const bool applies = (check<Conditions>(ask, why, ok) && ...);
        if (!applies) return false;
        event.why->add_all(why);
        return ok && why.empty();
    }
};

template <class Action, class TheRow> struct Perform;
template <class... Actions, class TheRow> struct Perform<Do<Actions...>, TheRow> {
    template <class Event, class Machine, class From, class To>
    void operator()(const Event& event, Machine&, From&, To&) const {
        if (event.ask->preview) return; // there is no input that an action could keep
        event.decision->to = To::key;   // actions may look where the case is going
        (Actions::run(*event.ask, *event.decision), ...);
    }
};

// A state as Boost.MSM wants it. A workflow's own headers need not include that.
template <class S> struct InMachine : boost::msm::front::state<>, S {};

template <class In, class GoTo> using target_of = std::conditional_t<std::is_same_v<GoTo, Stays>, In, GoTo>;
template <class GoTo>
using msm_target = std::conditional_t<std::is_same_v<GoTo, Stays>, boost::msm::front::none, InMachine<GoTo>>;

template <class T> constexpr int revision_of() {
    if constexpr (requires { T::revision; })
        return T::revision;
    else
        return 1;
}
template <class L> struct RevisionsOf;
template <template <class...> class L, class... T> struct RevisionsOf<L<T...>> {
    static void note(std::map<std::string, int>& all, const std::string& kind) { (note_one<T>(all, kind), ...); }
    template <class One> static void note_one(std::map<std::string, int>& all, const std::string& kind) {
        if constexpr (revision_of<One>() != 1) all[kind + ' ' + std::string(One::key)] = revision_of<One>();
    }
};

template <class L> struct KeysDiffer;
template <template <class...> class L, class... T> struct KeysDiffer<L<T...>> {
    static constexpr bool value = [] {
        constexpr std::array<std::string_view, sizeof...(T)> all{T::key...};
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t j = i + 1; j < all.size(); ++j)
                if (all[i] == all[j]) return false;
        return true;
    }();
};

template <class... T> std::vector<std::string> keys() { return {std::string(T::key)...}; }
template <class L> struct KeysOf;
template <template <class...> class L, class... T> struct KeysOf<L<T...>> {
    static std::vector<std::string> get() { return keys<T...>(); }
};

// The needs that a condition or an action declares; each comes after the needs that it reads itself.
template <class T> struct NeedsOf { using type = Needs<>; };
template <class T>
requires requires { typename T::needs; }
struct NeedsOf<T> {
    using type = typename T::needs;
};
template <class L> struct InOrder;
template <class... N> struct InOrder<Needs<N...>> {
    using type = mp11::mp_append<Needs<>, mp11::mp_push_back<typename InOrder<typename NeedsOf<N>::type>::type, N>...>;
};

template <class N> Json gather(const Ask& ask, const CommandInfo& command, Knowledge& knowledge) {
    if constexpr (requires { N::gather(ask, command, knowledge); })
        return N::gather(ask, command, knowledge);
    else
        return N::gather(ask, knowledge);
}

// The needs of these conditions or actions.
template <class L> struct AddNeeds;
template <template <class...> class L, class... T> struct AddNeeds<L<T...>> {
    static void to(NeedList& list) { (add(list, T::key, typename InOrder<typename NeedsOf<T>::type>::type{}), ...); }

  private:
    template <class... N>
    static void add([[maybe_unused]] NeedList& list, [[maybe_unused]] std::string_view of, Needs<N...>) {
        (list.add({N::key, of, typeid(N), gather<N>}), ...);
    }
};

// Reads and writes nothing but the current state of a machine (the only int[1] in its archive).
class StateArchive {
  public:
    explicit StateArchive(int state) : state_(state) {}
    template <class T> StateArchive& operator&(T& value) {
        if constexpr (std::is_same_v<T, int[1]>) value[0] = state_;
        return *this;
    }

  private:
    int state_;
};

} // namespace detail

template <class In, class On, class GoTo, class Who, class Action, class Provided>
struct Row : boost::msm::front::Row<detail::InMachine<In>, On, detail::msm_target<GoTo>, detail::Perform<Action, void>,
                                    detail::Guard<Who, Provided>> {
    using From = In;
    using Given = On;
    using To = detail::target_of<In, GoTo>;
    using WhoMay = Who;
    using Does = Action;
    using IfAll = Provided;
};

template <class... Rows> using Table = mp11::mp_list<Rows...>;

// The same row in each of several states: EachOf<AnyOpen, Row, ...> is spliced into a table with Join.
template <class States, class On, class GoTo, class Who, class Action = Do<>, class Provided = If<>> struct EachOfT;
template <template <class...> class L, class... S, class On, class GoTo, class Who, class Action, class Provided>
struct EachOfT<L<S...>, On, GoTo, Who, Action, Provided> {
    using type = mp11::mp_list<Row<S, On, GoTo, Who, Action, Provided>...>;
};
template <class States, class On, class GoTo, class Who, class Action = Do<>, class Provided = If<>>
using EachOf = typename EachOfT<States, On, GoTo, Who, Action, Provided>::type;
template <class... Tables> using Join = mp11::mp_append<Tables...>;

// ---- the machine ------------------------------------------------------------------------------------------------

// Workflow has: `static constexpr std::string_view key; static constexpr int version; using transition_table = …;`
template <class Workflow> struct FrontEnd : boost::msm::front::state_machine_def<FrontEnd<Workflow>> {
    using transition_table = typename Workflow::transition_table;
    using initial_state = detail::InMachine<NotOpened>;
    using no_exception_thrown = int;
    using no_message_queue = int;
    template <class Machine, class Event> void no_transition(const Event&, Machine&, int) {}
};

template <class Workflow> class MachineDefinition : public Definition {
  public:
    MachineDefinition() : info_(read_table()) { needs(); } // finds needs that clash when the program starts

    const DefinitionInfo& info() const override { return info_; }

    Verdict decide(const Ask& ask) const override {
        Verdict verdict;
        const auto state = states().find(ask.state);
        const auto command = dispatchers().find(ask.command);
        if (state == states().end() || command == dispatchers().end()) return verdict;
        needs_of(ask).demand(ask);
        verdict.decision.facts = ask.facts;
        bool authorised = false;
        const Occurrence occurrence{&ask, &verdict.decision, &verdict.refusal, &verdict.who, &authorised};
        Machine machine;
        detail::StateArchive archive(state->second);
        machine.serialize(archive, 0U);
        const auto handled = command->second(machine, occurrence);
        if (handled == boost::msm::back::HANDLED_TRUE) {
            verdict.kind = Verdict::Kind::accepted;
            verdict.decision.to = names().at(machine.current_state()[0]);
            verdict.refusal = {};
        } else if (handled == boost::msm::back::HANDLED_FALSE) {
            verdict.kind = Verdict::Kind::not_here;
        } else if (!authorised) {
            verdict.kind = Verdict::Kind::forbidden;
        } else {
            verdict.kind = Verdict::Kind::refused;
            if (verdict.refusal.empty()) verdict.refusal.add("no_outcome_applies");
        }
        return verdict;
    }

    Json context(const Ask& ask, Knowledge& knowledge) const final {
        const auto* command = info_.command(ask.command);
        return command ? needs_of(ask).gather(ask, *command, knowledge) : Json::object();
    }

  private:
    using Rows = typename Workflow::transition_table;
    using Machine = boost::msm::back::state_machine<FrontEnd<Workflow>>;
    using Stt = typename Machine::stt;
    template <class R> using from_of = typename R::From;
    template <class R> using to_of = typename R::To;
    template <class R> using given_of = typename R::Given;
    using States = mp11::mp_unique<mp11::mp_append<mp11::mp_transform<from_of, Rows>, mp11::mp_transform<to_of, Rows>>>;
    using Commands = mp11::mp_unique<mp11::mp_transform<given_of, Rows>>;
    static_assert(detail::KeysDiffer<States>::value, "two states of the table have the same key");
    static_assert(detail::KeysDiffer<Commands>::value,
                  "two commands have the same key: where a version changes one, it changes it in each row");
    using Dispatch = boost::msm::back::HandledEnum (*)(Machine&, const Occurrence&);

    static const std::map<std::string, int, std::less<>>& states() {
        static const auto map = [] {
            std::map<std::string, int, std::less<>> ids;
            mp11::mp_for_each<mp11::mp_transform<mp11::mp_identity, States>>([&](auto state) {
                using S = typename decltype(state)::type;
                ids.emplace(S::key, boost::msm::back::get_state_id<Stt, detail::InMachine<S>>::type::value);
            });
            return ids;
        }();
        return map;
    }

    static const std::map<int, std::string>& names() {
        static const auto map = [] {
            std::map<int, std::string> names;
            for (const auto& [name, id] : states()) names.emplace(id, name);
            return names;
        }();
        return map;
    }

    static const std::map<std::string, Dispatch, std::less<>>& dispatchers() {
        static const auto map = [] {
            std::map<std::string, Dispatch, std::less<>> all;
            mp11::mp_for_each<mp11::mp_transform<mp11::mp_identity, Commands>>([&](auto command) {
                using C = typename decltype(command)::type;
                all.emplace(C::key, [](Machine& machine, const Occurrence& occurrence) {
                    C event;
                    static_cast<Occurrence&>(event) = occurrence;
                    return machine.process_event(event);
                });
            });
            return all;
        }();
        return map;
    }

    // The needs of all rows, by state and command.
    using NeedsByCommand = std::map<std::string, NeedList, std::less<>>;
    static const std::map<std::string, NeedsByCommand, std::less<>>& needs() {
        static const auto map = [] {
            std::map<std::string, NeedsByCommand, std::less<>> all;
            mp11::mp_for_each<mp11::mp_transform<mp11::mp_identity, Rows>>([&](auto row) {
                using R = typename decltype(row)::type;
                all[std::string(R::From::key)][std::string(R::Given::key)].add(needs_of_row<R>());
            });
            return all;
        }();
        return map;
    }

    static const NeedList& needs_of(const Ask& ask) {
        static const NeedList none;
        const auto state = needs().find(ask.state);
        if (state == needs().end()) return none;
        const auto command = state->second.find(ask.command);
        return command == state->second.end() ? none : command->second;
    }

    template <class R> static NeedList needs_of_row() {
        NeedList list;
        detail::AddNeeds<typename R::IfAll>::to(list);
        detail::AddNeeds<typename R::Does>::to(list);
        return list;
    }

    static DefinitionInfo read_table() {
        DefinitionInfo info;
        info.key = Workflow::key;
        info.version = Workflow::version;
        info.one_open_per_place = Workflow::one_open_per_place;
        mp11::mp_for_each<mp11::mp_transform<mp11::mp_identity, States>>([&](auto state) {
            using S = typename decltype(state)::type;
            if (S::key != not_opened) info.states.push_back({std::string(S::key), S::is_final});
        });
        mp11::mp_for_each<mp11::mp_transform<mp11::mp_identity, Commands>>([&](auto command) {
            using C = typename decltype(command)::type;
            info.commands.push_back(
                {std::string(C::key), C::fields(), C::personal, C::internal, C::opens_child, C::commutes});
        });
        mp11::mp_for_each<mp11::mp_transform<mp11::mp_identity, Rows>>([&](auto row) {
            using R = typename decltype(row)::type;
            info.rows.push_back({std::string(R::From::key), std::string(R::Given::key), std::string(R::To::key),
                                 detail::KeysOf<typename R::WhoMay>::get(), detail::KeysOf<typename R::Does>::get(),
                                 detail::KeysOf<typename R::IfAll>::get(), needs_of_row<R>().keys()});
            detail::RevisionsOf<typename R::Does>::note(info.revisions, "do");
            detail::RevisionsOf<typename R::IfAll>::note(info.revisions, "if");
        });
        info.fingerprint = fingerprint_of(info);
        return info;
    }

    DefinitionInfo info_;
};

} // namespace cunmai::engine
