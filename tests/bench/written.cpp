#include "tests/bench/written.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace cunmai::bench {

const std::vector<std::string> changed_case_columns{
    "definition_version", "state", "title", "category", "due_on", "colour", "is_final", "open_slot", "facts"},
    event_columns{
        "case_id",    "seq",      "at",      "actor",   "on_behalf_of", "definition", "definition_version", "command",
        "from_state", "to_state", "payload", "context", "changes",      "request_id", "previous_hash",      "hash"},
    work_item_columns{"case_id",   "n",      "addressee", "place_path", "command", "role",
                      "qualifier", "person", "due_on",    "claimed_by", "since"},
    notice_columns{"id",     "case_id", "place_path", "place_name", "topic", "roles",      "qualifier", "people",
                   "params", "state",   "attempts",   "next_at",    "lease", "last_error", "created_at"},
    reply_columns{"actor",  "command_key", "case_id", "body_hash", "outcome", "access_id", "at",
                  "method", "route",       "object",  "address",   "status",  "request_id"};

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

Cell cell(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return {};
    case SQLITE_INTEGER: return sqlite3_column_int64(statement, column);
    default:
        return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                           static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
}

sqlite3* open_to_read(const std::string& file) {
    sqlite3* handle = nullptr;
    if (sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
        throw std::runtime_error("can't read " + file);
    return handle;
}

std::vector<Cells> select(sqlite3* handle, const std::string& sql, const std::vector<Cell>& parameters = {}) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sqlite3_errmsg(handle)) + " in " + sql);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const int at = static_cast<int>(i) + 1;
        if (const auto* number = std::get_if<std::int64_t>(&parameters[i]))
            sqlite3_bind_int64(statement, at, *number);
        else if (const auto* text = std::get_if<std::string>(&parameters[i]))
            sqlite3_bind_text(statement, at, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
    }
    std::vector<Cells> rows;
    const int columns = sqlite3_column_count(statement);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        auto& row = rows.emplace_back();
        for (int i = 0; i < columns; ++i) row.push_back(cell(statement, i));
    }
    sqlite3_finalize(statement);
    return rows;
}

} // namespace

Written::Written(const std::string& database_file) : handle_(open_to_read(database_file)) {}
Written::~Written() { sqlite3_close_v2(handle_); }

std::vector<Cells> Written::rows(const std::string& sql, const std::vector<Cell>& parameters) {
    return select(handle_, sql, parameters);
}

void Written::learn_state(const Officer& officer) {
    const auto& id = officer.case_id.text;
    case_rows_[id][officer.state] =
        rows("SELECT " + joined(changed_case_columns) + " FROM cases WHERE id = ?", {id}).at(0);
    work_items_[id][officer.state] =
        rows("SELECT " + joined(work_item_columns) + " FROM work_items WHERE case_id = ? ORDER BY n", {id});
    facts_[id] = Json::parse(std::get<std::string>(case_rows_[id][officer.state].back()));
    seen_[id] = officer.version;
}

std::vector<Transition> Written::since_last(const std::vector<Officer>& officers) {
    std::vector<Transition> all;
    for (const auto& officer : officers) {
        const auto& id = officer.case_id.text;
        auto& seen = seen_.at(id);
        const auto events =
            rows("SELECT " + joined(event_columns) + " FROM case_events WHERE case_id = ? AND seq > ? ORDER BY seq",
                 {id, seen});
        const auto count = static_cast<std::int64_t>(events.size());
        // The newest rows of each kind belong to these events, in order.
        auto notices = rows("SELECT " + joined(notice_columns) +
                                " FROM outbox WHERE case_id = ?1 AND created_at >= ?2 " + "ORDER BY created_at, id",
                            {id, events.empty() ? Cell(std::int64_t{0}) : events.front().at(2)});
        std::map<std::int64_t, Cells> replies;
        const auto first_key = "bench-" + id + '-';
        for (auto& row : rows("SELECT " + joined(reply_columns) + " FROM command_keys WHERE command_key >= ?1 AND " +
                                  "command_key < ?1 || '~' AND case_id = ?2",
                              {first_key, id}))
            replies[Json::parse(std::get<std::string>(row[4])).at("version").get<std::int64_t>()] = std::move(row);
        if (static_cast<std::int64_t>(notices.size()) != count)
            throw std::logic_error("a transition wrote more or fewer notices than one");
        for (std::size_t i = 0; i < events.size(); ++i) {
            Transition one;
            one.event = events[i];
            one.case_id = id;
            one.version = std::get<std::int64_t>(one.event[1]);
            one.at = std::get<std::int64_t>(one.event[2]);
            one.head_hash = std::get<std::string>(one.event[15]);
            const auto& state = std::get<std::string>(one.event[9]);
            auto& facts = facts_.at(id);
            facts = facts.patch(Json::parse(std::get<std::string>(one.event[12])));
            one.case_row = case_rows_.at(id).at(state);
            one.case_row.back() = facts.dump();
            one.work_items = &work_items_.at(id).at(state);
            one.notice = std::move(notices[i]);
            one.reply = std::move(replies.at(one.version));
            all.push_back(std::move(one));
        }
        if (!events.empty()) seen = std::get<std::int64_t>(events.back()[1]);
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
    return all;
}

std::map<std::string, std::pair<std::int64_t, std::int64_t>> contents(const std::string& database_file) {
    auto* handle = open_to_read(database_file);
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> result;
    for (const auto& row : select(handle, "SELECT name FROM sqlite_master WHERE type = 'table'")) {
        const auto& table = std::get<std::string>(row[0]);
        std::string bytes = "0";
        for (const auto& column : select(handle, "SELECT name FROM pragma_table_info(?)", {table}))
            bytes += " + COALESCE(LENGTH(\"" + std::get<std::string>(column[0]) + "\"), 0)";
        const auto sums = select(handle, "SELECT COUNT(*), COALESCE(SUM(" + bytes + "), 0) FROM \"" + table + '"');
        result[table] = {std::get<std::int64_t>(sums[0][0]), std::get<std::int64_t>(sums[0][1])};
    }
    sqlite3_close_v2(handle);
    return result;
}

} // namespace cunmai::bench
