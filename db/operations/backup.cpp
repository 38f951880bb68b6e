// Taking a backup, while serving: every table from one snapshot, in pages along its primary key.
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"
#include "db/operations/backup_file.hpp"
#include "engine/digest.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

struct Column {
    std::string name;
    bool is_number = false;
};

constexpr int rows_per_page = 200; // a page of document chunks is 50 MB

Json to_json(const std::optional<std::string>& value, bool is_number) {
    if (!value) return nullptr;
    if (is_number) return std::stoll(*value);
    Json text = *value;
    try {
        text.dump();
    } catch (const Json::type_error&) { // not UTF-8
        return {{"base64", to_base64(*value)}};
    }
    return text;
}

Param key_of(const std::string& name, const Json& value) {
    if (value.is_number()) return {name, value.get<std::int64_t>()};
    return {name, value.get<std::string>()};
}

class TableCopy {
  public:
    TableCopy(Connection& connection, const KeptTable& table)
        : connection_(connection), table_(table),
          columns_(connection.all<Column>("columns_of", {{"table_name", std::string(table.name)}}, [](Column& column) {
              return Outs{column.name, column.is_number};
          })) {}

    Json names() const {
        Json names = Json::array();
        for (const auto& column : columns_) names.push_back(column.name);
        return names;
    }

    // Calls `row` for every row, in the order of the key.
    void copy(const std::function<void(const Json&)>& row) {
        std::vector<std::optional<std::string>> values(columns_.size());
        Outs outs(values.begin(), values.end());
        Json last;
        for (int count = rows_per_page; count == rows_per_page;) {
            count = 0;
            const auto page = page_after(last);
            connection_.each_text(page.text(), page.params(), outs, [&] {
                ++count;
                last = Json::array();
                for (std::size_t i = 0; i < columns_.size(); ++i)
                    last.push_back(to_json(values[i], columns_[i].is_number));
                row(last);
            });
        }
    }

  private:
    const Json& value_of(const std::string& name, const Json& row) const {
        const auto found =
            std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return c.name == name; });
        return row.at(static_cast<std::size_t>(found - columns_.begin()));
    }

    SqlText page_after(const Json& last) const {
        std::string columns, order;
        for (const auto& column : columns_) columns += (columns.empty() ? "" : ", ") + column.name;
        for (const auto& name : table_.key) order += (order.empty() ? "" : ", ") + name;
        SqlText sql("SELECT " + columns + " FROM " + std::string(table_.name));
        if (!last.is_null()) { // (a > :k0) or (a = :k0 and b > :k1) …
            std::string beyond, equal;
            for (std::size_t i = 0; i < table_.key.size(); ++i) {
                const std::string parameter = "k" + std::to_string(i);
                beyond += (i ? " OR (" : "(") + equal + table_.key[i] + " > :" + parameter + ")";
                equal += table_.key[i] + " = :" + parameter + " AND ";
                sql.param(key_of(parameter, value_of(table_.key[i], last)));
            }
            sql.add("WHERE " + beyond);
        }
        return sql.add("ORDER BY " + order + " LIMIT " + std::to_string(rows_per_page));
    }

    Connection& connection_;
    const KeptTable& table_;
    std::vector<Column> columns_;
};

} // namespace

BackupSummary backup(Database& database, const std::string& file, const Progress& progress) {
    const auto status = migration_status(database);
    if (status.empty() || !std::all_of(status.begin(), status.end(), [](const auto& m) { return m.applied; }))
        throw std::runtime_error("the database is of a former version: back it up with the program that serves it");
    BackupWriter writer(file);
    BackupSummary summary;
    database.impl().read([&](Connection& connection) {
        std::int64_t total = 0, done = 0;
        for (const auto& table : kept_tables()) {
            std::int64_t rows = 0;
            connection.first_text("SELECT COUNT(*) FROM " + std::string(table.name), {}, {rows});
            summary.rows[std::string(table.name)] = rows;
            total += rows;
        }
        writer.line({{"format", backup_format},
                     {"created_at", engine::to_iso(database.clock().now())},
                     {"schema", status.back().number},
                     {"tables", summary.rows}});
        for (const auto& table : kept_tables()) {
            TableCopy copy(connection, table);
            writer.line({{"table", table.name}, {"columns", copy.names()}});
            copy.copy([&](const Json& row) {
                writer.line(row);
                if (++done % 100 == 0 && progress) progress(done, total);
            });
        }
        if (progress) progress(done, total);
    });
    summary.sha256 = writer.finish();
    return summary;
}

} // namespace cunmai::db
