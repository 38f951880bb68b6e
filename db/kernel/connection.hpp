// One session with the database: transactions, statements by name, errors in our own words. Used by one thread at a
// time; statements are prepared once and kept with the session. db/ only.
//
// Invariants: after any failure but Duplicate the transaction is dead: every further statement and COMMIT are refused,
// so that a swallowed error can't become half a transaction. A broken session is never used again.
#pragma once

#include "db/kernel/queries.hpp"
#include "db/kernel/sql_errors.hpp"

#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace cunmai::db {

// A parameter `:name`.
struct Param {
    std::string name;
    std::variant<std::monostate, std::int64_t, std::string> value; // monostate: NULL

    Param(std::string_view n, std::string_view text) : name(n), value(std::string(text)) {}
    Param(std::string_view n, const std::string& text) : name(n), value(text) {}
    Param(std::string_view n, std::string&& text) : name(n), value(std::move(text)) {}
    Param(std::string_view n, const char* text) : name(n), value(std::string(text)) {}
    Param(std::string_view n, std::int64_t number) : name(n), value(number) {}
    Param(std::string_view n, int number) : name(n), value(std::int64_t{number}) {}
    Param(std::string_view n, bool flag) : name(n), value(std::int64_t{flag}) {}
    Param(std::string_view n, engine::Instant at) : name(n), value(at.micros) {}
    Param(std::string_view n, std::nullopt_t) : name(n) {}
    template <class Tag> Param(std::string_view n, const engine::Id<Tag>& id) : name(n), value(id.text) {}
};
using Params = std::vector<Param>;

// A list of parameters without a copy of each: row_params({{"id", id}, {"facts", facts.dump()}}).
template <std::size_t count> Params row_params(Param (&&all)[count]) {
    return {std::make_move_iterator(std::begin(all)), std::make_move_iterator(std::end(all))};
}

// How rows are written (Connection::run_rows, add_later). Lives as long as the program.
struct Later {
    std::string_view name;  // of the statement
    std::string_view end{}; // of what follows the rows
    int changes = 0;        // how many changed rows the database must report for each row; 0: not checked
    bool in_rows = true;    // a row of an INSERT or REPLACE whose text ends with VALUES; false: a statement of its own
};

// The variable that receives a column; filled anew for each row.
struct Out {
    std::variant<std::string*, std::int64_t*, int*, bool*, std::optional<std::string>*> to;

    Out(std::string& text) : to(&text) {}
    Out(std::int64_t& number) : to(&number) {}
    Out(int& number) : to(&number) {}
    Out(bool& flag) : to(&flag) {}
    Out(std::optional<std::string>& text_or_null) : to(&text_or_null) {}
    Out(engine::Instant& at) : to(&at.micros) {}
    template <class Tag> Out(engine::Id<Tag>& id) : to(&id.text) {}
};
using Outs = std::vector<Out>;

struct Prefetched; // prefetch.hpp

// What the statements of a database cost. Tests hold the program to these counts.
struct Counters {
    std::atomic<std::int64_t> write_statements = 0; // INSERT, UPDATE, DELETE, REPLACE
    std::atomic<std::int64_t> read_statements = 0;  // SELECT, WITH
    std::atomic<std::int64_t> read_transactions = 0;
    std::atomic<std::int64_t> sqlite_steps = 0; // steps of SQLite's virtual machine: how much queries touch
};

// A hook for tests. Called with the text of each statement of a write transaction before it runs, with "COMMIT" before
// the commit, and with "COMMITTED" after it. What it throws is treated as a fault of the database.
using Probe = std::function<void(std::string_view)>;

class Connection {
  public:
    // How to reach the database; written by the dialects' open functions.
    struct Target {
        Dialect dialect = Dialect::sqlite;
        std::string connect; // as SOCI wants it; holds the password
        bool read_only = false;
        int busy_timeout_ms = 5000;
        Counters* counters = nullptr;
        Probe probe{};
        std::function<void(int)>
            opened{};               // MySQL: called with the socket while a session is opened (db/kernel/pool.cpp)
        bool for_long_work = false; // MySQL: may be silent inside a transaction for as long as it likes
    };
    explicit Connection(const Target& target); // throws StoreUnavailable
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Dialect dialect() const;
    const std::string& sql(std::string_view name) const { return query(dialect(), name); }

    void begin_write();
    void begin_read(); // one snapshot for everything read
    void commit();     // throws TryAgain, StoreUnavailable (with outcome_unknown: it may have been kept)
    void rollback() noexcept;

    // A part of a write transaction that can be undone alone: one command of a batch. Parts follow each other. The
    // database hears of a part only when it writes something at once.
    void begin_part();
    void end_part();
    bool undo_part() noexcept; // false: the fault took the whole transaction with it

    void abandon() noexcept; // the session must not be used again
    bool writing() const;
    bool broken() const;

    // A statement by its name in db/queries, or as text. Returns the rows that it matched.
    std::int64_t run(std::string_view name, const Params& params = {}) { return run_text(sql(name), params); }
    std::int64_t run_text(const std::string& text, const Params& params = {});

    // Rows of an INSERT whose text ends with VALUES, at once. REQUIRES: the parameters of one kind.
    void run_rows(const Later& kind, const std::vector<Params>& rows);

    // Calls `row` for each row, after `outs` were filled. `row` must not run the same statement again.
    void each(std::string_view name, const Params& params, const Outs& outs, const std::function<void()>& row) {
        each_text(sql(name), params, outs, row);
    }
    void each_text(const std::string& text, const Params& params, const Outs& outs, const std::function<void()>& row);
    // The first row; false when there is none.
    bool first(std::string_view name, const Params& params, const Outs& outs) {
        return first_text(sql(name), params, outs);
    }
    bool first_text(const std::string& text, const Params& params, const Outs& outs);
    // All rows; `outs_of` binds the columns to the fields of one T.
    template <class T, class OutsOf> std::vector<T> all(std::string_view name, const Params& params, OutsOf outs_of) {
        return all_text<T>(sql(name), params, outs_of);
    }
    template <class T, class OutsOf>
    std::vector<T> all_text(const std::string& text, const Params& params, OutsOf outs_of) {
        std::vector<T> rows;
        T one{};
        each_text(text, params, outs_of(one), [&] { rows.push_back(std::exchange(one, T{})); });
        return rows;
    }

    // Keeps a row back until COMMIT, or until another statement touches its table: so the rows of a whole batch of
    // commands are written together, and a command that is undone leaves nothing behind. `about` is the case that the
    // row changes; settle(about) must be called before that case is read. A duplicate key, or a row that does not count
    // as changed, turns COMMIT into TryAgain. The `_fresh` reads skip this: their caller knows that no waiting row
    // concerns them.
    void add_later(const Later& kind, Params row, std::string_view about = {});
    void run_later(std::string text, Params params, std::string_view about);
    void settle(std::string_view about);
    // Calls `look` with each row of this kind that waits.
    void each_waiting(const Later& kind, const std::function<void(const Params&)>& look) const;
    // The last row of this kind that this part added, so that it can be completed; or nullptr.
    Params* last_waiting(const Later& kind);
    void each_fresh(const std::string& text, const Params& params, const Outs& outs, const std::function<void()>& row);
    bool first_fresh(std::string_view name, const Params& params, const Outs& outs);

    // What was read ahead for this batch (prefetch.hpp). It is dropped when the transaction ends.
    void keep_prefetched(std::shared_ptr<Prefetched> prefetched);
    Prefetched* prefetched() const; // or nullptr

    // The name of the present state of people, grants, delegations, interests and rules: equal names mean equal
    // content. Whoever writes one of these tables gives the state a new name in the same transaction. Nullopt once this
    // transaction has changed the state, and then nothing that it reads may be cached. Inside a write the state is
    // locked until COMMIT, so that nobody loses a role between a decision that relies on it and the commit.
    const std::optional<std::string>& knowledge_name();
    bool has_asked_for_knowledge_name() const;
    void keep_knowledge_name(std::string name); // REQUIRES: read in this transaction, inside a write with {{for_share}}

    // Several statements without parameters, as they stand (migrations; SQLite only).
    void run_script(const std::string& script);

    class Impl;

  private:
    std::unique_ptr<Impl> impl_;
};

} // namespace cunmai::db
