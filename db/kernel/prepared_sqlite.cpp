// SQLite's statements are SOCI's; they are bound and stepped here. Between the two, SOCI would copy every value twice
// and look each parameter up by its name again.
#include "db/kernel/prepared.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

namespace cunmai::db {

namespace {

using sqlite_api::sqlite3_stmt;

class SqliteStatement final : public Prepared {
  public:
    SqliteStatement(soci::session& session, const std::string& text, const Params& params, std::size_t columns)
        : statement_(session), columns_(columns) {
        statement_.alloc();
        statement_.prepare(text);
        handle_ = static_cast<soci::sqlite3_statement_backend*>(statement_.get_backend())->stmt_;
        for (const auto& param : params) {
            const int place = sqlite_api::sqlite3_bind_parameter_index(handle_, (':' + param.name).c_str());
            if (place == 0) throw std::logic_error("a statement has no parameter " + param.name);
            places_.emplace_back(param.name, place);
        }
    }

    bool fits(const Params& params, std::size_t columns) const override {
        return columns == columns_ &&
               std::equal(params.begin(), params.end(), places_.begin(), places_.end(),
                          [](const Param& param, const auto& place) { return param.name == place.first; });
    }

    std::int64_t run(const Params& params) override {
        bind(params);
        return run_bound();
    }

    std::int64_t run_rows(const std::vector<const Params*>& rows) override {
        int place = 0;
        for (const auto* row : rows)
            for (const auto& param : *row) bind(++place, param);
        return run_bound();
    }

    void each(const Params& params, const Outs& outs, const std::function<bool()>& row) override {
        if (static_cast<std::size_t>(sqlite_api::sqlite3_column_count(handle_)) != outs.size()) throw_other_columns();
        bind(params);
        while (step()) {
            for (int i = 0; i < static_cast<int>(outs.size()); ++i) hand_out(outs[static_cast<std::size_t>(i)], i);
            if (!row()) return;
        }
    }

    void finish(Counters* counters) override {
        sqlite_api::sqlite3_reset(handle_);
        if (counters) counters->sqlite_steps += sqlite_api::sqlite3_stmt_status(handle_, SQLITE_STMTSTATUS_VM_STEP, 1);
    }

  private:
    sqlite_api::sqlite3* database() const { return sqlite_api::sqlite3_db_handle(handle_); }

    void check(int code) const {
        if (code != SQLITE_OK) throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(database()), code);
    }

    bool step() const {
        const int code = sqlite_api::sqlite3_step(handle_);
        if (code != SQLITE_ROW && code != SQLITE_DONE) check(code);
        return code == SQLITE_ROW;
    }

    std::int64_t run_bound() const {
        while (step()) {}
        return sqlite_api::sqlite3_changes(database());
    }

    void bind(const Params& params) const {
        for (std::size_t i = 0; i < params.size(); ++i) bind(places_[i].second, params[i]);
    }

    // The value stays where it is: it outlives the run, and the next one is bound anew.
    void bind(int place, const Param& param) const {
        if (const auto* text = std::get_if<std::string>(&param.value))
            check(sqlite_api::sqlite3_bind_text(handle_, place, text->data(), static_cast<int>(text->size()),
                                                SQLITE_STATIC));
        else if (const auto* number = std::get_if<std::int64_t>(&param.value))
            check(sqlite_api::sqlite3_bind_int64(handle_, place, *number));
        else
            check(sqlite_api::sqlite3_bind_null(handle_, place));
    }

    void hand_out(const Out& out, int column) const {
        const bool is_null = sqlite_api::sqlite3_column_type(handle_, column) == SQLITE_NULL;
        std::visit(
            [&](auto* to) {
                using To = std::remove_pointer_t<decltype(to)>;
                if constexpr (std::is_same_v<To, std::string>)
                    is_null ? to->clear() : static_cast<void>(to->assign(text(column)));
                else if constexpr (std::is_same_v<To, std::optional<std::string>>)
                    is_null ? to->reset() : static_cast<void>(to->emplace(text(column)));
                else
                    *to = is_null ? To{} : static_cast<To>(number(column));
            },
            out.to);
    }

    std::string_view text(int column) const {
        const auto* bytes = reinterpret_cast<const char*>(sqlite_api::sqlite3_column_text(handle_, column));
        return {bytes, static_cast<std::size_t>(sqlite_api::sqlite3_column_bytes(handle_, column))};
    }

    std::int64_t number(int column) const {
        if (sqlite_api::sqlite3_column_type(handle_, column) == SQLITE_INTEGER)
            return sqlite_api::sqlite3_column_int64(handle_, column);
        return to_number(text(column)); // SQLite keeps what it was given, whatever the column's type
    }

    soci::statement statement_;
    sqlite3_stmt* handle_ = nullptr;
    std::vector<std::pair<std::string, int>> places_; // of the parameters, in the order in which they are given
    std::size_t columns_;
};

} // namespace

std::shared_ptr<Prepared> prepare_sqlite(soci::session& session, const std::string& text, const Params& params,
                                         std::size_t columns) {
    return std::make_shared<SqliteStatement>(session, text, params, columns);
}

} // namespace cunmai::db
