#include "db/kernel/administration_chain.hpp"

#include "db/kernel/new_id.hpp"

#include <algorithm>
#include <charconv>

namespace cunmai::db {

namespace {

constexpr std::string_view chain_name = "administration";
constexpr std::size_t bytes_in_one_event = 2 << 20; // well below the server's limit for one packet

// SQLite takes any text for a number; what is none stays text, and differs from every number.
Json number_in(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? Json(number) : Json(text);
}

// Reads rows of one table as JSON.
class RowReader {
  public:
    explicit RowReader(const AdministeredTable& table) : table_(table), values_(table.columns.size()) {}

    std::string columns() const {
        std::string names;
        for (const auto& column : table_.columns) names += (names.empty() ? "" : ", ") + column.name;
        return names;
    }
    Outs outs() { return {values_.begin(), values_.end()}; }
    Json row() const {
        auto row = Json::object();
        for (std::size_t i = 0; i < values_.size(); ++i) {
            const auto& column = table_.columns[i];
            const auto& value = values_[i];
            row[column.name] = column.is_number ? number_in(value.value_or("")) : Json(value.value_or(""));
        }
        return row;
    }

  private:
    const AdministeredTable& table_;
    std::vector<std::optional<std::string>> values_;
};

Json row_now(Connection& connection, const Touched& touched) {
    const auto* table = administered_table(touched.table);
    RowReader reader(*table);
    std::string where;
    for (const auto& param : touched.key) where += (where.empty() ? "" : " AND ") + param.name + " = :" + param.name;
    const auto text = "SELECT " + reader.columns() + " FROM " + table->name + " WHERE " + where;
    return connection.first_text(text, touched.key, reader.outs()) ? reader.row() : Json();
}

// What is not UTF-8 can't stand in JSON; a database that another program has written to may hold it.
std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

bool is_anything_there(Connection& connection) {
    std::vector<std::string> tables{"admin_log"};
    for (const auto& table : administered_tables()) tables.push_back(table.name);
    return std::any_of(tables.begin(), tables.end(), [&](const std::string& table) {
        int one = 0;
        return connection.first_text("SELECT 1 FROM " + table + " LIMIT 1", {}, {one});
    });
}

} // namespace

const std::vector<AdministeredTable>& administered_tables() {
    static const std::vector<AdministeredTable> tables{
        {"places", "place", {"code"}, {{"code"}, {"name"}, {"parent"}, {"level"}, {"path"}}},
        {"people",
         "person",
         {"id"},
         {{"id"},
          {"login"},
          {"name"},
          {"phone"},
          {"email"},
          {"language"},
          {"active", true},
          {"password_version", true},
          {"password_must_change", true}}},
        {"role_grants",
         "grant",
         {"id"},
         {{"id"},
          {"person"},
          {"role"},
          {"qualifier"},
          {"place_code"},
          {"place_path"},
          {"granted_at", true},
          {"granted_by"},
          {"ended_at", true}}},
        {"delegations",
         "delegation",
         {"id"},
         {{"id"}, {"principal"}, {"delegate"}, {"role"}, {"from_at", true}, {"until_at", true}, {"reason"}}},
        {"interests",
         "interest",
         {"id"},
         {{"id"}, {"person"}, {"place_code"}, {"reason"}, {"declared_at", true}, {"ended_at", true}}},
        {"rules",
         "rule",
         {"rule_key", "version"},
         {{"rule_key"}, {"version", true}, {"value"}, {"by_person"}, {"at", true}}},
    };
    return tables;
}

const AdministeredTable* administered_table(std::string_view name) {
    for (const auto& table : administered_tables())
        if (table.name == name) return &table;
    return nullptr;
}

Outs deed_outs(ChainedDeed& d) { return {d.id, d.at, d.by, d.what, d.details, d.changes, d.seq, d.hash}; }

std::string hash_of(const ChainedDeed& d, const std::string& previous) {
    return LinkBytes("cunmai.administration.1")
        .text(d.id)
        .number(d.at.micros)
        .text(d.by)
        .text(d.what)
        .text(d.details)
        .text(d.changes)
        .number(d.seq)
        .hash_after(previous);
}

void record_deed(Connection& connection, engine::Instant at, const Deed& deed, std::string_view what,
                 const std::string& changes) {
    ChainHead head;
    const Param name{"chain", chain_name};
    const bool is_there = connection.first("chains.head", {name}, {head.length, head.hash});
    ChainedDeed link{new_id(at),
                     at,
                     deed.by.text,
                     deed.what.empty() ? std::string(what) : deed.what,
                     text_of(deed.details),
                     changes,
                     head.length + 1,
                     {}};
    link.hash = hash_of(link, head.hash);
    connection.run("chains.add_deed", {{"id", link.id},
                                       {"at", link.at},
                                       {"by_person", link.by},
                                       {"what", link.what},
                                       {"details", link.details},
                                       {"changes", link.changes},
                                       {"chain_seq", link.seq},
                                       {"hash", link.hash}});
    if (is_there) {
        connection.run("chains.move",
                       {{"length", link.seq}, {"head_hash", link.hash}, name, {"length_before", head.length}});
        return;
    }
    try {
        connection.run("chains.begin_one", {name, {"length", link.seq}, {"head_hash", link.hash}});
    } catch (const Duplicate& another) { throw TryAgain(another.what()); }
}

void administer(Connection& connection, engine::Instant at, const Deed& deed, std::string_view what,
                const std::vector<Touched>& rows, const std::function<void()>& work) {
    std::vector<Json> before;
    for (const auto& row : rows) before.push_back(row_now(connection, row));
    work();
    auto changes = Json::array();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (auto after = row_now(connection, rows[i]); after != before[i])
            changes.push_back({{"table", rows[i].table}, {"before", before[i]}, {"after", std::move(after)}});
    if (!changes.empty()) record_deed(connection, at, deed, what, text_of(changes));
}

std::string row_text(Connection& connection, const Touched& row) { return text_of(row_now(connection, row)); }

void ManyDeeds::add(std::string_view table, const std::string& before, const std::string& after) {
    changes_ += changes_.empty() ? "[" : ",";
    changes_ += R"({"after":)" + after + R"(,"before":)" + before + R"(,"table":")" + std::string(table) + "\"}";
    if (changes_.size() > bytes_in_one_event) finish();
}

void ManyDeeds::finish() {
    if (changes_.empty()) return;
    record_deed(connection_, at_, deed_, what_, changes_ + "]");
    changes_.clear();
}

std::vector<Json> rows_of(Connection& connection, const AdministeredTable& table) {
    RowReader reader(table);
    std::vector<Json> rows;
    connection.each_text("SELECT " + reader.columns() + " FROM " + table.name, {}, reader.outs(),
                         [&] { rows.push_back(reader.row()); });
    return rows;
}

void take_over_administration(Connection& connection, engine::Instant at) {
    ChainHead head;
    if (connection.first("chains.head", {{"chain", chain_name}}, {head.length, head.hash})) return;
    if (!is_anything_there(connection)) return;
    std::int64_t count = 0;
    auto digest = engine::first_previous_hash;
    ChainedDeed deed;
    connection.each("chains.deeds_before", {}, deed_outs(deed), [&] {
        digest = hash_of(deed, digest);
        ++count;
    });
    const Deed taken{engine::system_person, "taken_over", {{"log_before", {{"rows", count}, {"digest", digest}}}}};
    record_deed(connection, at, taken, "");
    for (const auto& table : administered_tables()) {
        const Deed of_table{engine::system_person, "taken_over", {{"table", table.name}}};
        ManyDeeds deeds(connection, at, of_table, "");
        for (const auto& row : rows_of(connection, table)) deeds.add(table.name, "null", text_of(row));
        deeds.finish();
    }
}

std::string key_of(const AdministeredTable& table, const Json& row) {
    std::string key;
    for (const auto& column : table.key) {
        const auto& value = row.at(column);
        key += (key.empty() ? "" : "/") + (value.is_string() ? value.get<std::string>() : value.dump());
    }
    return key;
}

} // namespace cunmai::db
