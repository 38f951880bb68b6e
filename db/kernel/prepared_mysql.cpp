// Of MySQL: SOCI puts the values into the text and fetches all rows at once.
#include "db/kernel/prepared.hpp"

#include <soci/mysql/soci-mysql.h>

#include <deque>

namespace cunmai::db {

namespace {

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

void append_value(MYSQL* client, std::string& text, const Param& param) {
    if (const auto* number = std::get_if<std::int64_t>(&param.value)) {
        text += std::to_string(*number);
    } else if (const auto* value = std::get_if<std::string>(&param.value)) {
        text += '\'';
        const auto start = text.size();
        text.resize(start + 2 * value->size() + 1);
        const auto length = mysql_real_escape_string(client, text.data() + start, value->data(), value->size());
        text.resize(start + length);
        text += '\'';
    } else {
        text += "NULL";
    }
}

// The deques keep addresses stable.
class MysqlStatement final : public Prepared {
  public:
    MysqlStatement(soci::session& session, const std::string& text, const Params& params, std::size_t columns)
        : statement_(session) {
        for (const auto& param : params) {
            auto& input = inputs_.emplace_back();
            input.name = param.name;
            input.is_text = !std::holds_alternative<std::int64_t>(param.value);
            if (input.is_text)
                statement_.exchange(soci::use(input.text, input.present, input.name));
            else
                statement_.exchange(soci::use(input.number, input.present, input.name));
        }
        for (std::size_t i = 0; i < columns; ++i) {
            auto& output = outputs_.emplace_back();
            statement_.exchange(soci::into(output.text, output.present));
        }
        statement_.alloc();
        statement_.prepare(text);
        statement_.define_and_bind();
    }

    bool fits(const Params& params, std::size_t columns) const override {
        if (params.size() != inputs_.size() || columns != outputs_.size()) return false;
        for (std::size_t i = 0; i < params.size(); ++i) {
            const auto& value = params[i].value;
            if (inputs_[i].name != params[i].name) return false;
            if (!std::holds_alternative<std::monostate>(value) &&
                inputs_[i].is_text != std::holds_alternative<std::string>(value))
                return false;
        }
        return true;
    }

    std::int64_t run(const Params& params) override {
        fill(params);
        statement_.execute(true);
        return static_cast<std::int64_t>(statement_.get_affected_rows());
    }

    std::int64_t run_rows(const std::vector<const Params*>&) override {
        throw std::logic_error("MySQL's rows are run_mysql_rows'");
    }

    void each(const Params& params, const Outs& outs, const std::function<bool()>& row) override {
        fill(params);
        for (bool more = statement_.execute(true); more; more = statement_.fetch()) {
            check_columns();
            for (std::size_t i = 0; i < outs.size(); ++i) hand_out(outs[i], outputs_[i]);
            if (!row()) break;
        }
    }

    void finish(Counters*) override {
        if (!outputs_.empty()) statement_.get_backend()->clean_up();
    }

  private:
    void fill(const Params& params) {
        for (std::size_t i = 0; i < params.size(); ++i) {
            auto& input = inputs_[i];
            const auto& value = params[i].value;
            input.present = std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok;
            if (const auto* text = std::get_if<std::string>(&value)) input.text = *text;
            if (const auto* number = std::get_if<std::int64_t>(&value)) input.number = *number;
        }
    }

    void check_columns() {
        if (columns_checked_ || outputs_.empty()) return;
        auto* result = static_cast<soci::mysql_statement_backend*>(statement_.get_backend())->result_;
        if (!result) return;
        if (mysql_num_fields(result) != outputs_.size()) throw_other_columns();
        columns_checked_ = true;
    }

    soci::statement statement_;
    std::deque<Input> inputs_;
    std::deque<Output> outputs_;
    bool columns_checked_ = false;
};

} // namespace

std::shared_ptr<Prepared> prepare_mysql(soci::session& session, const std::string& text, const Params& params,
                                        std::size_t columns) {
    return std::make_shared<MysqlStatement>(session, text, params, columns);
}

// By the client's own functions: to SOCI each value of each row would have to have a name, which it would look for in
// the text.
std::int64_t run_mysql_rows(soci::session& session, const std::string& text, const std::vector<const Params*>& rows) {
    auto* client = static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_;
    constexpr std::string_view place_of_rows = "(?)";
    const auto place = text.find(place_of_rows);
    std::string whole(text, 0, place);
    for (const auto* row : rows) {
        char before = '(';
        if (row != rows.front()) whole += ", ";
        for (const auto& param : *row) {
            whole += std::exchange(before, ',');
            append_value(client, whole, param);
        }
        whole += ')';
    }
    whole.append(text, place + place_of_rows.size());
    if (mysql_real_query(client, whole.data(), whole.size()) != 0)
        throw soci::mysql_soci_error(mysql_error(client), static_cast<int>(mysql_errno(client)));
    return static_cast<std::int64_t>(mysql_affected_rows(client));
}

} // namespace cunmai::db
