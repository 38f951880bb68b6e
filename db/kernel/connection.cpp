#include "db/kernel/connection.hpp"

#include "db/kernel/dialect.hpp"
#include "db/kernel/new_id.hpp"
#include "db/kernel/prepared.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <unordered_map>

namespace cunmai::db {

namespace {

constexpr std::size_t statements_kept_max = 500;
constexpr std::size_t kept_params_max = 32; // statements with more are lists of rows, of any length

// The table that an INSERT, UPDATE, DELETE or REPLACE writes; empty for another statement.
std::string_view table_written(std::string_view text) {
    for (const std::string_view word :
         {"INSERT INTO ", "UPDATE ", "DELETE FROM ", "REPLACE INTO ", "INSERT IGNORE INTO "})
        if (text.starts_with(word))
            return text.substr(word.size(), text.find_first_of(" (\n", word.size()) - word.size());
    return {};
}

bool changes_schema(std::string_view text) {
    return text.starts_with("CREATE ") || text.starts_with("ALTER ") || text.starts_with("DROP ") ||
           text.starts_with("TRUNCATE ");
}

bool changes_index(std::string_view text) {
    return text.starts_with("CREATE INDEX ") || text.starts_with("DROP INDEX ");
}

bool is_knowledge(std::string_view table) {
    for (const std::string_view one : {"people", "role_grants", "delegations", "interests", "rules"})
        if (table == one) return true;
    return false;
}

// How many of the waiting rows one INSERT takes. SQLite has no round trip to save, and to be able to undo a statement
// with several rows it keeps a copy of every page that the statement overwrites, which in a large database costs more
// than separate statements. So on SQLite the rows of a lone command are written together, those of a batch one by one.
std::size_t rows_together(Dialect dialect, std::size_t waiting) {
    constexpr std::size_t of_one_command = 16;
    if (dialect != Dialect::sqlite) return 64;
    return waiting <= of_one_command ? of_one_command : 1;
}

// Tables whose rows wait for COMMIT, each with the tables that its triggers write.
constexpr std::array<std::array<std::string_view, 2>, 11> tables_that_wait{{{"cases", "case_counts"},
                                                                            {"work_items", "work_counts"},
                                                                            {"case_events"},
                                                                            {"timers"},
                                                                            {"involved"},
                                                                            {"outbox"},
                                                                            {"command_keys"},
                                                                            {"refusals"},
                                                                            {"access_log"},
                                                                            {"chains"},
                                                                            {"document_links"}}};

bool has_word(std::string_view text, std::string_view word) {
    const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end]))) return true;
    }
    return false;
}

using Tables = unsigned; // a bit for each of tables_that_wait

Tables tables_in(std::string_view text) {
    Tables tables = 0;
    for (std::size_t i = 0; i < tables_that_wait.size(); ++i)
        for (const auto table : tables_that_wait[i])
            if (!table.empty() && has_word(text, table)) tables |= 1U << i;
    return tables;
}

struct Waiting {
    const Later* kind = nullptr; // null for a statement given as `text`
    std::string text;
    Params row;
    Tables tables = 0;
    std::string about; // a case's id, or empty
    bool is_written = false;
};

} // namespace

class Connection::Impl {
  public:
    explicit Impl(const Target& target) : target_(target) {
        try {
            if (target.dialect == Dialect::sqlite)
                open_sqlite(session_, target_);
            else
                open_mysql(session_, target_);
        } catch (const std::exception& error) {
            throw engine::StoreUnavailable("can't open the database: " + reason_of(error));
        }
    }

    // Runs `work`, which talks to SOCI; a failure is told in our words and kills the transaction.
    template <class Work> auto guarded(const std::string& text, Work work) {
        if (broken_) throw engine::StoreUnavailable("the database connection is broken");
        if (dead_) throw engine::StoreUnavailable("the transaction has already failed");
        try {
            return work();
        } catch (const soci::soci_error& error) {
            const auto fault = fault_of(session_, target_.dialect, error);
            statements_.erase(text); // SOCI would leak the parameters of a failed statement when it is used again
            if (fault.kind == Fault::Kind::duplicate) throw Duplicate(fault.what);
            dead_ = true;
            part_lost_ = fault.kind != Fault::Kind::bug;
            tables_spoilt_ = tables_spoilt_ || fault.spoils_tables;
            broken_ = broken_ || fault.breaks_session;
            switch (fault.kind) {
            case Fault::Kind::try_again: throw TryAgain(fault.what, fault.cause);
            case Fault::Kind::lost: throw SessionLost(fault.what);
            case Fault::Kind::unavailable: throw engine::StoreUnavailable(fault.what);
            default: throw std::logic_error(fault.what);
            }
        }
    }

    std::shared_ptr<Prepared> prepared(const std::string& text, const Params& params, std::size_t columns) {
        const auto found = statements_.find(text);
        if (found != statements_.end() && found->second->fits(params, columns)) return found->second;
        const auto prepare = target_.dialect == Dialect::sqlite ? prepare_sqlite : prepare_mysql;
        auto fresh = prepare(session_, text, params, columns);
        if (params.size() > kept_params_max) return fresh;
        if (statements_.size() >= statements_kept_max) statements_.clear();
        return statements_[text] = std::move(fresh);
    }

    std::int64_t run(const std::string& text, const Params& params) {
        prepare_to_run(text);
        return run_now(text, params);
    }

    void run_rows(const Later& kind, const std::vector<Params>& all) {
        prepare_to_run(query(target_.dialect, kind.name));
        std::vector<const Params*> rows;
        for (const auto& row : all) {
            rows.push_back(&row);
            if (rows.size() < rows_together(target_.dialect, 1) && &row != &all.back()) continue;
            run_rows(kind, rows);
            rows.clear();
        }
    }

    void prepare_to_run(const std::string& text) {
        if (in_part_) {
            const bool can_be_undone = target_.dialect == Dialect::sqlite && changes_index(text);
            if (changes_schema(text) && !can_be_undone)
                throw std::logic_error("MySQL would commit a batch here: " + text);
            begin_savepoint();
        }
        make_way_for(text);
        if (tables_in(table_written(text))) prefetched_.reset();
    }

    std::int64_t run_now(const std::string& text, const Params& params, const std::vector<const Params*>& rows = {}) {
        const auto table = table_written(text);
        if (target_.counters && !table.empty()) ++target_.counters->write_statements;
        if (table == "ballot_box" && text.starts_with("DELETE ")) log_tells_ = true;
        probe(text);
        if (is_knowledge(table)) {
            knowledge_changed_ = true;
            knowledge_name_.reset();
        }
        return guarded(text, [&] {
            if (!rows.empty() && target_.dialect == Dialect::mysql) return run_mysql_rows(session_, text, rows);
            const auto prepared_statement = prepared(text, params, 0);
            const Finish finish{*prepared_statement, target_};
            return rows.empty() ? prepared_statement->run(params) : prepared_statement->run_rows(rows);
        });
    }

    void each(const std::string& text, const Params& params, const Outs& outs, const std::function<bool()>& row) {
        make_way_for(text);
        each_fresh(text, params, outs, row);
    }

    void each_fresh(const std::string& text, const Params& params, const Outs& outs, const std::function<bool()>& row) {
        if (target_.counters) ++target_.counters->read_statements;
        probe(text);
        guarded(text, [&] {
            const auto prepared_statement = prepared(text, params, outs.size()); // `row` may empty the cache
            const Finish finish{*prepared_statement, target_};
            prepared_statement->each(params, outs, row);
        });
    }

    void script(const std::string& text) {
        guarded(text, [&] { run_sqlite_script(session_, text); });
    }

    void begin(bool write) {
        dead_ = false;
        writing_ = write;
        knowledge_changed_ = false;
        knowledge_name_.reset();
        forget_waiting();
        refuse_gone_file();
        for (const auto& text : begin_statements(target_.dialect, write)) run_now(text, {});
    }

    void refuse_gone_file() {
        if (target_.dialect != Dialect::sqlite || !is_sqlite_file_gone(session_)) return;
        dead_ = broken_ = true;
        throw engine::StoreUnavailable("the database file was moved, deleted or replaced");
    }

    void commit() {
        if (dead_ || broken_) throw engine::StoreUnavailable("the transaction has already failed");
        write_waiting(waiting_.size());
        if (knowledge_changed_) // a name that was never used before
            run_now(query(target_.dialect, "knowledge.rename_state"), {{"name", new_id({}) + new_id({})}});
        refuse_gone_file();
        try {
            probe("COMMIT"); // in here, so that a test can throw what the database would
            session_.commit();
            probe("COMMITTED");
            writing_ = false;
            // Struck sealed votes would stay in the log, where they could be read with the server's secret.
            if (log_tells_ && target_.dialect == Dialect::sqlite)
                log_tells_ = !empty_sqlite_log(session_, target_.busy_timeout_ms); // if not now, after the next commit
        } catch (const soci::soci_error& error) {
            const auto fault = fault_of(session_, target_.dialect, error);
            dead_ = true;
            // Only when the database says that it rolled back is that certain. After any other error the transaction
            // may have been kept.
            if (fault.kind == Fault::Kind::try_again)
                throw TryAgain(fault.what, fault.cause == "deadlock" ? "certification" : fault.cause);
            broken_ = true;
            throw engine::StoreUnavailable("COMMIT: " + fault.what, !fault.surely_not_committed);
        }
    }

    void begin_part() {
        part_lost_ = false;
        part_starts_ = waiting_.size();
        in_part_ = true;
    }

    void end_part() {
        in_part_ = false;
        // On MySQL the next savepoint replaces this one.
        if (std::exchange(savepoint_, false) && target_.dialect == Dialect::sqlite) run_now("RELEASE part", {});
    }

    bool undo_part() noexcept {
        try {
            if (broken_ || part_lost_ || !in_transaction(session_, target_.dialect)) return false;
            dead_ = false;
            waiting_.resize(part_starts_);
            if (savepoint_) run_now("ROLLBACK TO SAVEPOINT part", {});
            end_part();
            return true;
        } catch (...) { return false; } // the caller rolls everything back
    }

    void add_later(const Later& kind, Params row, std::string_view about) {
        const auto& text = query(target_.dialect, kind.name);
        waiting_.push_back({&kind, {}, std::move(row), tables_in(table_written(text)), std::string(about)});
    }

    void run_later(std::string text, Params params, std::string_view about) {
        const auto tables = tables_in(table_written(text));
        waiting_.push_back({nullptr, std::move(text), std::move(params), tables, std::string(about)});
    }

    void settle(std::string_view about) {
        settle_where([&](const Waiting& one) { return one.about == about; });
    }

    void each_waiting(const Later& kind, const std::function<void(const Params&)>& look) const {
        for (const auto& one : waiting_)
            if (one.kind == &kind) look(one.row);
    }

    Params* last_waiting(const Later& kind) {
        const auto end = waiting_.rend() - static_cast<std::ptrdiff_t>(part_starts_);
        const auto found = std::find_if(waiting_.rbegin(), end, [&](const Waiting& one) { return one.kind == &kind; });
        return found == end ? nullptr : &found->row;
    }

    void keep_prefetched(std::shared_ptr<Prefetched> prefetched) { prefetched_ = std::move(prefetched); }
    Prefetched* prefetched() const { return prefetched_.get(); }

    const std::optional<std::string>& knowledge_name() {
        if (knowledge_changed_ || knowledge_name_) return knowledge_name_;
        std::string name;
        const auto* read = writing_ ? "knowledge.state_kept" : "knowledge.state";
        each(query(target_.dialect, read), {}, {name}, [] { return false; });
        return knowledge_name_ = std::move(name);
    }

    bool has_asked_for_knowledge_name() const { return knowledge_changed_ || knowledge_name_; }
    void keep_knowledge_name(std::string name) {
        if (!knowledge_changed_) knowledge_name_ = std::move(name);
    }

    void rollback() noexcept {
        writing_ = false;
        forget_waiting();
        if (broken_) return;
        try {
            if (in_transaction(session_, target_.dialect)) session_.rollback();
            if (std::exchange(tables_spoilt_, false)) mend_mysql_tables(session_);
            dead_ = false;
        } catch (...) { broken_ = true; }
    }

    void abandon() noexcept { broken_ = true; }

    const Target& target() const { return target_; }
    bool writing() const { return writing_; }
    bool broken() const { return broken_; }

  private:
    void probe(std::string_view what) {
        if (!target_.probe || !writing_) return;
        try {
            target_.probe(what);
        } catch (const engine::StoreUnavailable&) {
            dead_ = part_lost_ = true;
            throw;
        }
    }

    void forget_waiting() {
        waiting_.clear();
        part_starts_ = 0;
        in_part_ = savepoint_ = false;
        prefetched_.reset();
    }

    // Writes the waiting rows that this statement could read or change.
    void make_way_for(const std::string& text) {
        if (waiting_.empty()) return;
        const auto tables = tables_in(text);
        if (tables) settle_where([&](const Waiting& one) { return (one.tables & tables) != 0; });
    }

    // Rows of earlier parts can be written at any time. Rows of this part are written after a savepoint, so that they
    // can be undone with it.
    template <class Which> void settle_where(const Which& which) {
        const auto own = waiting_.begin() + static_cast<std::ptrdiff_t>(in_part_ ? part_starts_ : waiting_.size());
        if (std::any_of(own, waiting_.end(), which)) {
            begin_savepoint();
            write_waiting(waiting_.size());
        } else if (std::any_of(waiting_.begin(), own, which)) {
            write_waiting(static_cast<std::size_t>(own - waiting_.begin()));
        }
    }

    void begin_savepoint() {
        if (savepoint_) return;
        write_waiting(part_starts_);
        run_now("SAVEPOINT part", {});
        savepoint_ = true;
    }

    // Writes the first `count` entries that wait: first single statements, then the rows, kind by kind in the order in
    // which the kinds were first added. The order among cases does not matter, because a case's waiting rows are
    // written before the case is changed again.
    void write_waiting(std::size_t count) {
        if (count == 0) return;
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<Waiting> all(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
        part_starts_ -= std::min(part_starts_, count);
        try {
            for (auto& one : all)
                if (!one.kind) run_now(one.text, one.row);
            for (std::size_t first = 0; first < all.size(); ++first)
                if (all[first].kind && !all[first].is_written) write_rows(all, first);
        } catch (const Duplicate& another) { // the fault of a waiting row, not of the statement that is about to run
            dead_ = part_lost_ = true;
            throw TryAgain(another.what());
        } catch (...) {
            part_lost_ = true; // rows of other parts may be undone as well
            throw;
        }
    }

    void write_rows(std::vector<Waiting>& all, std::size_t first) {
        const auto& kind = *all[first].kind;
        const auto together = kind.in_rows ? rows_together(target_.dialect, all.size()) : 1;
        std::vector<const Params*> rows;
        for (std::size_t i = first; i < all.size() && rows.size() < together; ++i) {
            if (all[i].kind != &kind || all[i].is_written) continue;
            all[i].is_written = true;
            rows.push_back(&all[i].row);
        }
        const auto changed = run_rows(kind, rows);
        const auto count = static_cast<std::int64_t>(rows.size());
        if (kind.changes && changed != kind.changes * count) {
            dead_ = part_lost_ = true;
            throw TryAgain("a row was changed by another");
        }
    }

    std::int64_t run_rows(const Later& kind, const std::vector<const Params*>& rows) {
        if (!kind.in_rows) return run_now(query(target_.dialect, kind.name), *rows.front());
        return run_now(text_of_rows(kind, rows), {}, rows);
    }

    // All rows of a kind have the same parameters. For SQLite there is one text for each number of rows, with a ? for
    // each value; for MySQL there is one text with a single (?) where the rows go.
    const std::string& text_of_rows(const Later& kind, const std::vector<const Params*>& rows) {
        const bool is_sqlite = target_.dialect == Dialect::sqlite;
        auto& text = texts_of_rows_[{&kind, is_sqlite ? rows.size() : 1}];
        if (!text.empty()) return text;
        std::string row = "(?";
        for (std::size_t i = 1; is_sqlite && i < rows.front()->size(); ++i) row += ", ?";
        text = query(target_.dialect, kind.name) + ' ' + row + ')';
        for (std::size_t i = 1; is_sqlite && i < rows.size(); ++i) text += ", " + row + ')';
        if (!kind.end.empty()) text += ' ' + query(target_.dialect, kind.end);
        return text;
    }

    struct Finish {
        Prepared& statement;
        const Target& target;
        ~Finish() { statement.finish(target.counters); }
    };

    Target target_;
    soci::session session_;
    std::unordered_map<std::string, std::shared_ptr<Prepared>> statements_; // destroyed before the session
    std::map<std::pair<const Later*, std::size_t>, std::string> texts_of_rows_;
    std::vector<Waiting> waiting_;
    std::size_t part_starts_ = 0; // index in waiting_
    bool in_part_ = false;
    bool savepoint_ = false; // the part has begun one
    std::shared_ptr<Prefetched> prefetched_;
    std::optional<std::string> knowledge_name_;
    bool knowledge_changed_ = false;
    bool log_tells_ = false; // the write-ahead log may still hold struck votes of a ballot box
    bool writing_ = false;
    bool dead_ = false;
    bool part_lost_ = false;     // the fault undid more than the part
    bool tables_spoilt_ = false; // to be mended after the rollback
    bool broken_ = false;
};

Connection::Connection(const Target& target) : impl_(std::make_unique<Impl>(target)) {}
Connection::~Connection() = default;

Dialect Connection::dialect() const { return impl_->target().dialect; }
void Connection::begin_write() { impl_->begin(true); }
void Connection::begin_read() { impl_->begin(false); }
void Connection::commit() { impl_->commit(); }
void Connection::rollback() noexcept { impl_->rollback(); }
void Connection::begin_part() { impl_->begin_part(); }
void Connection::end_part() { impl_->end_part(); }
bool Connection::undo_part() noexcept { return impl_->undo_part(); }
void Connection::add_later(const Later& kind, Params row, std::string_view about) {
    impl_->add_later(kind, std::move(row), about);
}
void Connection::run_later(std::string text, Params params, std::string_view about) {
    impl_->run_later(std::move(text), std::move(params), about);
}
void Connection::settle(std::string_view about) { impl_->settle(about); }
void Connection::each_waiting(const Later& kind, const std::function<void(const Params&)>& look) const {
    impl_->each_waiting(kind, look);
}
Params* Connection::last_waiting(const Later& kind) { return impl_->last_waiting(kind); }
void Connection::keep_prefetched(std::shared_ptr<Prefetched> prefetched) {
    impl_->keep_prefetched(std::move(prefetched));
}
Prefetched* Connection::prefetched() const { return impl_->prefetched(); }
const std::optional<std::string>& Connection::knowledge_name() { return impl_->knowledge_name(); }
bool Connection::has_asked_for_knowledge_name() const { return impl_->has_asked_for_knowledge_name(); }
void Connection::keep_knowledge_name(std::string name) { impl_->keep_knowledge_name(std::move(name)); }
void Connection::abandon() noexcept { impl_->abandon(); }
bool Connection::writing() const { return impl_->writing(); }
bool Connection::broken() const { return impl_->broken(); }

std::int64_t Connection::run_text(const std::string& text, const Params& params) { return impl_->run(text, params); }

void Connection::each_text(const std::string& text, const Params& params, const Outs& outs,
                           const std::function<void()>& row) {
    impl_->each(text, params, outs, [&] {
        row();
        return true;
    });
}

void Connection::each_fresh(const std::string& text, const Params& params, const Outs& outs,
                            const std::function<void()>& row) {
    impl_->each_fresh(text, params, outs, [&] {
        row();
        return true;
    });
}

bool Connection::first_fresh(std::string_view name, const Params& params, const Outs& outs) {
    bool found = false;
    impl_->each_fresh(sql(name), params, outs, [&] {
        found = true;
        return false;
    });
    return found;
}

bool Connection::first_text(const std::string& text, const Params& params, const Outs& outs) {
    bool found = false;
    impl_->each(text, params, outs, [&] {
        found = true;
        return false;
    });
    return found;
}

void Connection::run_rows(const Later& kind, const std::vector<Params>& rows) { impl_->run_rows(kind, rows); }

void Connection::run_script(const std::string& script) { impl_->script(script); }

} // namespace cunmai::db
