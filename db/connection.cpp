#include "db/connection.hpp"

#include "db/dialect.hpp"
#include "db/many_rows.hpp"
#include "db/new_id.hpp"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <charconv>
#include <deque>
#include <unordered_map>

namespace cunmai::db {

namespace {

constexpr std::size_t statements_kept_max = 300;

struct Input {
    std::string name;
    bool is_text = false;
    std::string text;
    long long number = 0;
    soci::indicator present = soci::i_ok;
};

struct Output {
    std::string text;
    soci::indicator present = soci::i_ok;
};

std::int64_t to_number(const std::string& text) {
    std::int64_t number = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || (stop != end && *stop != '.')) // SUM() is a decimal in MySQL
        throw std::logic_error("a number was expected in a column, not \"" + text + '"');
    return number;
}

void hand_out(const Out& out, Output& column) {
    const bool is_null = column.present == soci::i_null;
    std::visit(
        [&](auto* to) {
            using To = std::remove_pointer_t<decltype(to)>;
            if constexpr (std::is_same_v<To, std::string>)
                *to = is_null ? std::string() : column.text;
            else if constexpr (std::is_same_v<To, std::optional<std::string>>)
                *to = is_null ? std::nullopt : std::optional(column.text);
            else
                *to = is_null ? To{} : static_cast<To>(to_number(column.text));
        },
        out.to);
}

// The table that an INSERT, UPDATE, DELETE or REPLACE writes; empty for another statement.
std::string_view table_written(std::string_view text) {
    for (const std::string_view word :
         {"INSERT INTO ", "UPDATE ", "DELETE FROM ", "REPLACE INTO ", "INSERT IGNORE INTO "})
        if (text.starts_with(word))
            return text.substr(word.size(), text.find_first_of(" (\n", word.size()) - word.size());
    return {};
}

bool is_knowledge(std::string_view table) {
    for (const std::string_view one : {"people", "role_grants", "delegations", "interests", "rules"})
        if (table == one) return true;
    return false;
}

// Rows that one INSERT takes. SOCI looks each parameter of SQLite up by its name, from the first: many rows cost more
// than many statements, which cost no round trip there.
std::size_t rows_together(Dialect dialect) { return dialect == Dialect::sqlite ? 1 : 64; }

} // namespace

// A statement and the memory that it is bound to; the deques keep addresses stable.
struct Prepared {
    soci::statement statement;
    std::deque<Input> inputs;
    std::deque<Output> outputs;
    bool columns_checked = false;

    Prepared(soci::session& session, const std::string& text, const Params& params, std::size_t columns)
        : statement(session) {
        for (const auto& param : params) {
            auto& input = inputs.emplace_back();
            input.name = param.name;
            input.is_text = !std::holds_alternative<std::int64_t>(param.value);
            if (input.is_text)
                statement.exchange(soci::use(input.text, input.present, input.name));
            else
                statement.exchange(soci::use(input.number, input.present, input.name));
        }
        for (std::size_t i = 0; i < columns; ++i) {
            auto& output = outputs.emplace_back();
            statement.exchange(soci::into(output.text, output.present));
        }
        statement.alloc();
        statement.prepare(text);
        statement.define_and_bind();
    }

    bool fits(const Params& params, std::size_t columns) const {
        if (params.size() != inputs.size() || columns != outputs.size()) return false;
        for (std::size_t i = 0; i < params.size(); ++i) {
            const auto& value = params[i].value;
            if (inputs[i].name != params[i].name) return false;
            if (!std::holds_alternative<std::monostate>(value) &&
                inputs[i].is_text != std::holds_alternative<std::string>(value))
                return false;
        }
        return true;
    }

    void fill(const Params& params) {
        for (std::size_t i = 0; i < params.size(); ++i) {
            auto& input = inputs[i];
            const auto& value = params[i].value;
            input.present = std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok;
            if (const auto* text = std::get_if<std::string>(&value)) input.text = *text;
            if (const auto* number = std::get_if<std::int64_t>(&value)) input.number = *number;
        }
    }

    // A wrong number of columns would read beyond the row.
    void check_columns(Dialect dialect) {
        if (columns_checked || outputs.empty()) return;
        std::size_t columns = 0;
        if (dialect == Dialect::sqlite)
            columns = static_cast<std::size_t>(sqlite_api::sqlite3_column_count(
                static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_));
        else if (auto* result = static_cast<soci::mysql_statement_backend*>(statement.get_backend())->result_)
            columns = mysql_num_fields(result);
        else
            return;
        if (columns != outputs.size())
            throw std::logic_error("a statement has another number of columns than its reader");
        columns_checked = true;
    }

    // Ends reading: a statement left open would keep SQLite's snapshot or the client's copy of the rows.
    void finish(const Connection::Target& target) {
        if (target.dialect == Dialect::mysql) {
            if (!outputs.empty()) statement.get_backend()->clean_up();
            return;
        }
        auto* handle = static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_;
        sqlite_api::sqlite3_reset(handle);
        if (target.counters)
            target.counters->sqlite_steps += sqlite_api::sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 1);
    }
};

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
            broken_ = broken_ || fault.breaks_session;
            switch (fault.kind) {
            case Fault::Kind::try_again: throw TryAgain(fault.what);
            case Fault::Kind::lost: throw SessionLost(fault.what);
            case Fault::Kind::unavailable: throw engine::StoreUnavailable(fault.what);
            default: throw std::logic_error(fault.what);
            }
        }
    }

    std::shared_ptr<Prepared> prepared(const std::string& text, const Params& params, std::size_t columns) {
        const auto found = statements_.find(text);
        if (found != statements_.end() && found->second->fits(params, columns)) return found->second;
        if (statements_.size() >= statements_kept_max) statements_.clear();
        return statements_[text] = std::make_shared<Prepared>(session_, text, params, columns);
    }

    std::int64_t run(const std::string& text, const Params& params) {
        const auto table = table_written(text);
        if (target_.counters && !table.empty()) ++target_.counters->write_statements;
        probe(text);
        if (is_knowledge(table)) {
            knowledge_changed_ = true;
            knowledge_name_.reset();
        }
        return guarded(text, [&] {
            const auto prepared_statement = prepared(text, params, 0);
            auto& statement = *prepared_statement;
            const Finish finish{statement, target_};
            statement.fill(params);
            statement.statement.execute(true);
            return static_cast<std::int64_t>(statement.statement.get_affected_rows());
        });
    }

    void each(const std::string& text, const Params& params, const Outs& outs, const std::function<bool()>& row) {
        if (target_.counters) ++target_.counters->read_statements;
        probe(text);
        guarded(text, [&] {
            const auto prepared_statement = prepared(text, params, outs.size()); // lives on if `row` empties the cache
            auto& statement = *prepared_statement;
            const Finish finish{statement, target_};
            statement.fill(params);
            for (bool more = statement.statement.execute(true); more; more = statement.statement.fetch()) {
                statement.check_columns(target_.dialect);
                for (std::size_t i = 0; i < outs.size(); ++i) hand_out(outs[i], statement.outputs[i]);
                if (!row()) break;
            }
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
        waiting_.clear();
        for (const auto& text : begin_statements(target_.dialect, write)) run(text, {});
    }

    void commit() {
        if (dead_ || broken_) throw engine::StoreUnavailable("the transaction has already failed");
        try {
            write_waiting_rows();
        } catch (const Duplicate& another) { throw TryAgain(another.what()); }
        if (knowledge_changed_) // a name that was never used before
            run(query(target_.dialect, "knowledge.rename_state"), {{"name", new_id({}) + new_id({})}});
        probe("COMMIT");
        try {
            session_.commit();
            probe("COMMITTED");
            writing_ = false;
        } catch (const soci::soci_error& error) {
            const auto fault = fault_of(session_, target_.dialect, error);
            dead_ = true;
            // Only where the database says that it rolled back do we know; everything else may have been kept.
            if (fault.kind == Fault::Kind::try_again) throw TryAgain(fault.what);
            broken_ = true;
            throw engine::StoreUnavailable("COMMIT: " + fault.what, !fault.surely_not_committed);
        }
    }

    void begin_part() {
        part_lost_ = false;
        waiting_before_part_ = waiting_.size();
        run("SAVEPOINT part", {});
    }

    void end_part() { // MySQL puts the next savepoint in the place of this one
        if (target_.dialect == Dialect::sqlite) run("RELEASE part", {});
    }

    bool undo_part() noexcept {
        try {
            if (broken_ || part_lost_ || !in_transaction(session_, target_.dialect)) return false;
            dead_ = false;
            waiting_.resize(waiting_before_part_, {"", {}});
            run("ROLLBACK TO SAVEPOINT part", {});
            end_part();
            return true;
        } catch (...) { return false; } // the caller rolls everything back
    }

    void add_row(std::string_view name, Params row) { waiting_.push_back({name, std::move(row)}); }
    const std::vector<WaitingRow>& waiting_rows() const { return waiting_; }

    const std::optional<std::string>& knowledge_name() {
        if (knowledge_changed_ || knowledge_name_) return knowledge_name_;
        std::string name;
        each(query(target_.dialect, "knowledge.state"), {}, {name}, [] { return false; });
        return knowledge_name_ = std::move(name);
    }

    void rollback() noexcept {
        writing_ = false;
        if (broken_) return;
        try {
            if (in_transaction(session_, target_.dialect)) session_.rollback();
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

    // Each kind in the order in which it was first used.
    void write_waiting_rows() {
        auto rows = std::move(waiting_);
        waiting_.clear();
        const auto together = rows_together(target_.dialect);
        for (std::size_t first = 0; first < rows.size(); ++first) {
            const auto name = rows[first].name;
            if (name.empty()) continue; // written
            ManyRows insert(query(target_.dialect, name));
            std::size_t count = 0;
            for (std::size_t i = first; i < rows.size() && count < together; ++i) {
                if (rows[i].name != name) continue;
                insert.add(std::move(rows[i].row));
                rows[i].name = {};
                ++count;
            }
            run(insert.text(), insert.params());
        }
    }

    struct Finish {
        Prepared& statement;
        const Target& target;
        ~Finish() { statement.finish(target); }
    };

    Target target_;
    soci::session session_;
    std::unordered_map<std::string, std::shared_ptr<Prepared>> statements_; // gone before the session
    std::vector<WaitingRow> waiting_;
    std::size_t waiting_before_part_ = 0;
    std::optional<std::string> knowledge_name_;
    bool knowledge_changed_ = false;
    bool writing_ = false;
    bool dead_ = false;
    bool part_lost_ = false; // the fault undid more than the part
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
void Connection::add_row(std::string_view name, Params row) { impl_->add_row(name, std::move(row)); }
const std::vector<Connection::WaitingRow>& Connection::waiting_rows() const { return impl_->waiting_rows(); }
const std::optional<std::string>& Connection::knowledge_name() { return impl_->knowledge_name(); }
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

bool Connection::first_text(const std::string& text, const Params& params, const Outs& outs) {
    bool found = false;
    impl_->each(text, params, outs, [&] {
        found = true;
        return false;
    });
    return found;
}

void Connection::run_script(const std::string& script) { impl_->script(script); }

} // namespace cunmai::db
