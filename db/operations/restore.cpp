// Restoring: the whole file is checked first; then everything goes into an empty database in one transaction.
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"
#include "db/operations/backup_file.hpp"
#include "db/operations/migration_take_over.hpp"
#include "db/operations/migrations.hpp"
#include "engine/digest.hpp"

#include <algorithm>
#include <set>

namespace cunmai::db {

namespace {

constexpr std::size_t rows_per_insert = 50;
// Former versions put this table into backups, so that whoever also had the server's secret could read the votes.
constexpr std::string_view table_left_out = "ballot_box";
constexpr std::size_t bytes_per_insert = 2 << 20; // well below the server's limit for one packet

const KeptTable& kept_table(const std::string& name) {
    for (const auto& table : kept_tables())
        if (table.name == name) return table;
    throw DamagedBackup("the backup has a table that this program does not know: " + name);
}

bool is_empty(Connection& connection) {
    for (const auto& table : kept_tables()) {
        int one = 0;
        if (connection.first_text("SELECT 1 FROM " + std::string(table.name) + " LIMIT 1", {}, {one})) return false;
    }
    return true;
}

class Inserter {
  public:
    explicit Inserter(Connection& connection) : connection_(connection) {}

    void table(const BackupReader::Table& table) {
        flush();
        const auto& known = kept_table(table.name);
        const auto ours = connection_.all<std::string>("columns_of_names", {{"table_name", std::string(known.name)}},
                                                       [](std::string& name) { return Outs{name}; });
        std::string columns;
        for (const auto& column : table.columns) {
            if (std::find(ours.begin(), ours.end(), column) == ours.end())
                throw DamagedBackup("table " + table.name + " has a column that this program does not know: " + column);
            columns += (columns.empty() ? "" : ", ") + column;
        }
        insert_ = "INSERT INTO " + table.name + " (" + columns + ") VALUES";
    }

    void row(const Json& row) {
        std::string values = "(";
        for (const auto& value : row) {
            const std::string name = "v" + std::to_string(params_.size());
            values += (values.size() > 1 ? ", :" : ":") + name;
            params_.push_back(param(name, value));
        }
        text_ += (text_.empty() ? insert_ + ' ' : ", ") + values + ')';
        if (++rows_ == rows_per_insert || bytes_ > bytes_per_insert) flush();
    }

    void flush() {
        if (rows_ > 0) connection_.run_text(text_, params_);
        text_.clear();
        params_.clear();
        rows_ = bytes_ = 0;
    }

  private:
    Param param(const std::string& name, const Json& value) {
        if (value.is_null()) return {name, std::nullopt};
        if (value.is_number()) return {name, value.get<std::int64_t>()};
        if (value.is_string()) {
            const auto& text = value.get_ref<const std::string&>();
            bytes_ += text.size();
            return {name, text};
        }
        const auto bytes = from_base64(value["base64"].get_ref<const std::string&>());
        if (!bytes) throw DamagedBackup("the backup has a value that can't be decoded");
        bytes_ += bytes->size();
        return {name, *bytes};
    }

    Connection& connection_;
    std::string insert_, text_;
    Params params_;
    std::size_t rows_ = 0, bytes_ = 0;
};

std::int64_t sum(const BackupSummary& summary) {
    std::int64_t rows = 0;
    for (const auto& [table, count] : summary.rows) rows += count;
    return rows;
}

} // namespace

BackupSummary check_backup(const std::string& file) { return BackupReader(file).read({}); }

BackupSummary restore(Database& database, const std::string& file, const Progress& progress) {
    const auto checked = check_backup(file);
    migrate(database);
    const int schema = migration_status(database).back().number;
    const auto total = sum(checked);
    database.impl().write([&](Connection& connection) {
        if (!is_empty(connection)) throw NotEmpty();
        Inserter inserter(connection);
        std::int64_t done = 0;
        int taken_at_schema = 0;
        BackupReader::Listener listener;
        listener.header = [&](const Json& header) {
            taken_at_schema = header["schema"].get<int>();
            if (taken_at_schema > schema)
                throw std::runtime_error("the backup was made by a newer program: restore it with that one");
        };
        listener.table = [&](const BackupReader::Table& table) {
            if (table.name != table_left_out) inserter.table(table);
        };
        listener.row = [&](const BackupReader::Table& table, const Json& row) {
            if (table.name != table_left_out) inserter.row(row);
            if (++done % 100 == 0 && progress) progress(done, total);
        };
        const auto restored = BackupReader(file).read(listener);
        inserter.flush();
        for (int migration = taken_at_schema + 1; migration <= schema; ++migration)
            take_over(connection, migration, database.clock().now());
        if (restored.sha256 != checked.sha256) throw DamagedBackup("the backup changed while it was restored");
        if (progress) progress(done, total);
    });
    return checked;
}

} // namespace cunmai::db
