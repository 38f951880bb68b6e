// A version of a workflow, written as the changes since the version before:
//
//   using transition_table = Revised<v1::Table,
//       Instead< Row< TownScreening , ReturnToVillage , SelfCheck , By<TownOfficer> , Do<AskAgain> > >,
//       Without< TownScreening , Decline >,
//       With< EachOf< AnyOpen , Migrate , Stays , By<Engine> > > >;
//
// The changes are made from left to right; a change that finds nothing to change does not compile. Rows are tried from
// the bottom up, so added rows are tried first. Rows of `Instead` are tried when the rows that they replace would have
// been.
#pragma once

#include "engine/machine.hpp"

namespace cunmai::engine {

// Removes the rows of the command in the state.
template <class In, class On> struct Without {};
// Replaces the rows of one state and one command by these.
template <class... Rows> struct Instead {};
// Adds rows, or lists of rows (EachOf).
template <class... Parts> struct With {};
// Replaces one word in every row: a state, command, role, action or condition that has another type now. A condition or
// an action that keeps its key must have another `revision`.
template <class Old, class New> struct Replaced {};

namespace detail {

template <class In, class On> struct IsOf {
    template <class R>
    using fn = mp11::mp_bool<std::is_same_v<typename R::From, In> && std::is_same_v<typename R::Given, On>>;
};
// The command may have another type than before; commands are compared by key.
template <class In, class On> struct IsLike {
    template <class R> using fn = mp11::mp_bool<std::is_same_v<typename R::From, In> && R::Given::key == On::key>;
};

template <class Table, class Change> struct Changed;

template <class Table, class In, class On> struct Changed<Table, Without<In, On>> {
    static_assert(mp11::mp_count_if_q<Table, IsOf<In, On>>::value > 0, "Without: there is no such row");
    using type = mp11::mp_remove_if_q<Table, IsOf<In, On>>;
};

template <class Table, class First, class... Others> struct Changed<Table, Instead<First, Others...>> {
    using Same = IsLike<typename First::From, typename First::Given>;
    static_assert((Same::template fn<Others>::value && ... && true), "Instead: rows of one state and one command");
    static_assert(mp11::mp_count_if_q<Table, Same>::value > 0, "Instead: there is no row of this state and command");
    using Rest = mp11::mp_remove_if_q<Table, Same>;
    using At = mp11::mp_size_t<mp11::mp_find_if_q<Table, Same>::value>; // rows before this one stay where they are
    using type = mp11::mp_insert<Rest, At, First, Others...>;
};

template <class Part> struct RowsOf {
    using type = Part; // a list of rows
};
template <class... Parts> struct RowsOf<Row<Parts...>> { using type = mp11::mp_list<Row<Parts...>>; };
template <class Table, class... Parts> struct Changed<Table, With<Parts...>> {
    using type = mp11::mp_append<Table, typename RowsOf<Parts>::type...>;
};

template <class Old, class New> struct ReplacedIn {
    template <class Word> using one = std::conditional_t<std::is_same_v<Word, Old>, New, Word>;
    template <class R> struct In;
    template <class From, class On, class GoTo, class Who, class Action, class Provided>
    struct In<Row<From, On, GoTo, Who, Action, Provided>> {
        using type = Row<one<From>, one<On>, one<GoTo>, mp11::mp_transform<one, Who>, mp11::mp_transform<one, Action>,
                         mp11::mp_transform<one, Provided>>;
    };
    template <class R> using fn = typename In<R>::type;
};
template <class Table, class Old, class New> struct Changed<Table, Replaced<Old, New>> {
    using type = mp11::mp_transform_q<ReplacedIn<Old, New>, Table>;
    static_assert(!std::is_same_v<type, Table>, "Replaced: no row has this word");
};

template <class Table, class Change> using changed = typename Changed<Table, Change>::type;

} // namespace detail

template <class Table, class... Changes>
using Revised = mp11::mp_fold<mp11::mp_list<Changes...>, Table, detail::changed>;

} // namespace cunmai::engine
