// Administration in the record: every change of people, grants, delegations, interests, rules and places leaves one
// event in admin_log, in the transaction of the change: who, when, what it is called, and each row before and after it.
// The events are one chain of hashes (db/kernel/chains.hpp: `administration`), so that the six tables can be rebuilt
// from it and compared (db/operations/tables_check.hpp). A password's hash never stands in it: a new password is seen
// by its number alone. What was there before the chain was is its beginning: events `taken_over` with the rows, and a
// digest of the older log. db/ only.
#pragma once

#include "db/kernel/chains.hpp"
#include "db/kernel/deed.hpp"

#include <functional>

namespace cunmai::db {

struct AdministeredTable {
    struct Column {
        std::string name;
        bool is_number = false;
    };
    std::string name, kind; // kind: of a thing in it, for messages
    std::vector<std::string> key;
    std::vector<Column> columns; // those that the chain knows
};
const std::vector<AdministeredTable>& administered_tables();
const AdministeredTable* administered_table(std::string_view name); // nullptr: it is none

struct ChainedDeed { // a row of admin_log
    std::string id;
    engine::Instant at;
    std::string by, what, details, changes; // the last two: their very texts
    std::int64_t seq = 0;                   // 0: before the chain
    std::string hash;
};
Outs deed_outs(ChainedDeed& deed); // of chains.deeds
std::string hash_of(const ChainedDeed& deed, const std::string& previous);

// REQUIRES, all below: a write.

// The next event. `changes`: an array of {"table", "before", "after"}, a row each as an object, or null.
void record_deed(Connection& connection, engine::Instant at, const Deed& deed, std::string_view what,
                 const std::string& changes = "[]");

struct Touched { // a row by its key
    std::string_view table;
    Params key;
};
// Does the work, which changes these rows and no others of the six tables, and records what came of it; when nothing
// did, it records nothing. `what`: for a deed without a name of its own.
void administer(Connection& connection, engine::Instant at, const Deed& deed, std::string_view what,
                const std::vector<Touched>& rows, const std::function<void()>& work);

// A row as it is now, as JSON text; "null" when it is not there.
std::string row_text(Connection& connection, const Touched& row);

// Many rows that were written in other ways: recorded with as many of them in each event as go into one statement.
class ManyDeeds {
  public:
    ManyDeeds(Connection& connection, engine::Instant at, const Deed& deed, std::string_view what)
        : connection_(connection), at_(at), deed_(deed), what_(what) {}
    void add(std::string_view table, const std::string& before, const std::string& after); // JSON texts
    void finish();

  private:
    Connection& connection_;
    engine::Instant at_;
    const Deed& deed_;
    std::string_view what_;
    std::string changes_;
};

// Does nothing when there is a chain, or nothing to take over.
void take_over_administration(Connection& connection, engine::Instant at);

std::string key_of(const AdministeredTable& table, const Json& row); // "committee/3"
std::vector<Json> rows_of(Connection& connection, const AdministeredTable& table);

} // namespace cunmai::db
