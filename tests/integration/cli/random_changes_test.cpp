// Whoever owns the database changes something in it, anything, by the schema's own list of tables and columns: another
// value, one character, a row less. The verifier names each, but for columns that stand in a list with the reason why
// a change there takes nothing from the record's meaning. SQLite in full, MariaDB by a sample.
//
// CUNMAI_SEED=N repeats a run; CUNMAI_CHANGES=2000 makes so many changes after those that are made once of each kind.
#include "adapters/services/verifier.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/operations/backup.hpp"
#include "db/operations/migrations.hpp"
#include "tests/integration/cli/district_at_work.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/tampering.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>

namespace cunmai::test {

namespace {

// table.column, table.* or table.- (a row that is gone) → why the verifier need not see a change there.
const std::map<std::string, std::string>& need_not_be_seen() {
    const std::string cache = "made anew from the case with its next commands",
                      of_today = "who is signed in, or is trying to: it ends by itself",
                      notice = "what was told of the record, not the record",
                      upload =
                          "an uploader's own name for content that the record names by its hash; may be given anew",
                      stored_anew = "a fingerprint that is missing is stored anew at the next start";
    static const std::map<std::string, std::string> list{
        {"work_items.*", cache},
        {"timers.*", cache},
        {"involved.*", cache},
        {"work_counts.slot", "only the sum over the slots counts"},
        {"case_counts.slot", "only the sum over the slots counts"},
        {"sessions.*", of_today},
        {"sign_in_failures.*", of_today},
        {"access_log.*", "append-only by trigger, too many rows for a chain; tells who looked, not what is true"},
        {"command_keys.*", "what a repeated request is answered; the event has what was done"},
        {"outbox.*", notice},
        {"inbox.*", notice},
        {"mails.*", notice},
        {"drafts.*", "not handed in yet; what is handed in is named by its hash"},
        {"settings.*", "of this installation, such as the demo's clock"},
        {"knowledge_state.*", "a name without meaning; any change of it only makes servers read again"},
        {"ballot_box.*",
         "sealed under the server's secret; a vote that is missing or unreadable makes the ballot void"},
        {"definitions.definition", stored_anew},
        {"definitions.version", stored_anew},
        {"definitions.-", stored_anew},
        {"definitions.stored_at", "tells nothing of a case"},
        {"schema_migrations.applied_at", "tells nothing of a case"},
        {"people.password_hash", "never stands in the record; who signs in is seen in the access log"},
        {"documents.added_at", upload},
        {"document_uploads.person", upload},
        {"document_uploads.name", upload},
        {"document_uploads.media_type", upload},
        {"document_uploads.at", upload},
    };
    return list;
}

bool need_not_be_seen(const std::string& table, const std::string& column) {
    return need_not_be_seen().contains(table + ".*") || need_not_be_seen().contains(table + '.' + column);
}

constexpr auto whole_row = "-";

// The database in the hands of its owner, without triggers. Values are texts.
class Owned {
  public:
    virtual ~Owned() = default;
    virtual std::vector<std::string> tables() = 0;
    virtual std::vector<std::string> columns(const std::string& table) = 0;
    virtual std::vector<std::string> key(const std::string& table) = 0;
    virtual std::optional<std::string> value(const std::string& sql) = 0; // nullopt: NULL
    virtual void run(const std::string& sql) = 0;                         // throws when the database does not take it
    virtual std::string quoted(const std::string& text) const = 0;
    std::string literal(const std::optional<std::string>& value) const { return value ? quoted(*value) : "NULL"; }
};

std::string doubled(const std::string& text, const std::string& signs) {
    std::string result = "'";
    for (const char c : text) {
        if (signs.find(c) != std::string::npos) result += c;
        result += c;
    }
    return result + "'";
}

class OwnedSqlite : public Owned {
  public:
    explicit OwnedSqlite(const std::string& file) : hand_(file) {
        for (const auto& name : hand_.values("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            hand_.execute("DROP TRIGGER " + name);
    }
    std::vector<std::string> tables() override {
        return hand_.values("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE "
                            "'!' ORDER BY name");
    }
    std::vector<std::string> columns(const std::string& table) override {
        return hand_.values("SELECT name FROM pragma_table_info('" + table + "')");
    }
    std::vector<std::string> key(const std::string& table) override {
        return hand_.values("SELECT name FROM pragma_table_info('" + table + "') WHERE pk > 0 ORDER BY pk");
    }
    std::optional<std::string> value(const std::string& sql) override {
        if (hand_.value("SELECT (" + sql + ") IS NULL") == "1") return std::nullopt;
        return hand_.value(sql);
    }
    void run(const std::string& sql) override { hand_.run(sql); }
    std::string quoted(const std::string& text) const override { return doubled(text, "'"); }

  private:
    Tampering hand_;
};

class OwnedMariaDb : public Owned {
  public:
    explicit OwnedMariaDb(db::Database& database) : database_(database) {
        for (const auto& name : values("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = "
                                       "DATABASE()"))
            run("DROP TRIGGER " + name);
    }
    std::vector<std::string> tables() override {
        return values("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY "
                      "table_name");
    }
    std::vector<std::string> columns(const std::string& table) override {
        return values("SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND "
                      "table_name = '" +
                      table + "' AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position");
    }
    std::vector<std::string> key(const std::string& table) override {
        return values("SELECT column_name FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND "
                      "constraint_name = 'PRIMARY' AND table_name = '" +
                      table + "' ORDER BY ordinal_position");
    }
    std::optional<std::string> value(const std::string& sql) override {
        if (values("SELECT CAST((" + sql + ") IS NULL AS CHAR)").at(0) == "1") return std::nullopt;
        return values("SELECT CAST((" + sql + ") AS CHAR)").at(0);
    }
    void run(const std::string& sql) override {
        database_.impl().write([&](db::Connection& connection) {
            connection.run_text("SET foreign_key_checks = 0");
            connection.run_text(sql);
            connection.run_text("SET foreign_key_checks = 1");
        });
    }
    std::string quoted(const std::string& text) const override { return doubled(text, "'\\"); }

  private:
    std::vector<std::string> values(const std::string& sql) {
        return database_.impl().reading<std::vector<std::string>>([&](db::Connection& connection) {
            return connection.all_text<std::string>(sql, {}, [](std::string& value) { return db::Outs{value}; });
        });
    }

    db::Database& database_;
};

class RandomChanges : public DistrictAtWork {
  protected:
    RandomChanges() {
        const auto* wish = std::getenv("CUNMAI_SEED");
        seed = wish ? static_cast<unsigned>(std::stoul(wish)) : 1; // the same in every run, unless others are wished
        dice.seed(seed);
    }
    std::size_t below(std::size_t end) { return dice() % end; }

    static bool is_number(const std::string& text) {
        return !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
    }
    std::string another(const std::string& value) {
        const auto number = below(1'000'000) + 1;
        return is_number(value) ? std::to_string(std::stoll(value) + static_cast<std::int64_t>(number))
                                : "x" + std::to_string(number);
    }
    std::string one_character_off(std::string value) {
        if (is_number(value)) return std::to_string(std::stoll(value) + 1);
        const auto from = value.empty() ? 0 : below(value.size());
        for (std::size_t i = 0; i < value.size(); ++i) {
            auto& c = value[(from + i) % value.size()];
            if (std::isalnum(static_cast<unsigned char>(c)) == 0) continue;
            c = c == 'z' || c == 'Z' || c == '9' ? 'a' : static_cast<char>(c + 1);
            return value;
        }
        return value + "."; // a blank at the end is none to MariaDB
    }

    // Damage that is not the triggers', which the owner has dropped.
    static std::vector<verifier::Damage> found(App& in) {
        auto damage = verifier::verify(in, {false, {}}).damage;
        std::erase_if(damage, [](const auto& one) { return one.kind == "trigger"; });
        return damage;
    }

    struct Row { // of a table, found again by its key
        std::string table;
        std::vector<std::string> columns;
        std::map<std::string, std::optional<std::string>> values;
        std::string where;
    };

    // Rows of counts that count nothing may come and go.
    static std::string counted(const std::string& table) {
        return table == "work_counts" || table == "case_counts" ? " WHERE items <> 0" : "";
    }

    Row row_at_random(Owned& hand, const std::string& table) {
        Row row{table, hand.columns(table), {}, ""};
        const auto key = hand.key(table);
        std::string order;
        for (const auto& part : key) order += (order.empty() ? " ORDER BY " : ", ") + part;
        const auto count = std::stoul(hand.value("SELECT COUNT(*) FROM " + table + counted(table)).value());
        const auto from = " FROM " + table + counted(table) + order + " LIMIT 1 OFFSET " + std::to_string(below(count));
        for (const auto& column : row.columns) row.values[column] = hand.value("SELECT " + column + from);
        row.where = where(hand, row, key, row.values);
        return row;
    }
    static std::string where(const Owned& hand, const Row& row, const std::vector<std::string>& key,
                             const std::map<std::string, std::optional<std::string>>& values) {
        std::string text;
        for (const auto& column : key.empty() ? row.columns : key)
            text += (text.empty() ? " WHERE " : " AND ") + column +
                    (values.at(column) ? " = " + hand.literal(values.at(column)) : " IS NULL");
        return text;
    }

    // Makes one change, looks, and puts it back. A change that the database itself does not take is none.
    void change(Owned& hand, App& in, const std::string& table, const std::string& column, bool only_one_character) {
        const auto row = row_at_random(hand, table);
        auto changed = row.values;
        std::string sql = "DELETE FROM " + table + row.where;
        if (column != whole_row) {
            const auto before = row.values.at(column).value_or("");
            changed[column] = only_one_character ? one_character_off(before) : another(before);
            sql = "UPDATE " + table + " SET " + column + " = " + hand.literal(changed[column]) + row.where;
        }
        try {
            hand.run(sql);
        } catch (const std::exception&) {
            ++refused_by_database;
            return;
        }
        ++changes;
        EXPECT_FALSE(found(in).empty()) << sql << "\nbefore: " << row.values.at(row.columns.front()).value_or("NULL");
        put_back(hand, row, changed, column);
    }

    static void put_back(Owned& hand, const Row& row, const std::map<std::string, std::optional<std::string>>& changed,
                         const std::string& column) {
        if (column != whole_row) {
            hand.run("UPDATE " + row.table + " SET " + column + " = " + hand.literal(row.values.at(column)) +
                     where(hand, row, hand.key(row.table), changed));
            return;
        }
        std::string names, values;
        for (const auto& one : row.columns) {
            names += (names.empty() ? "" : ", ") + one;
            values += (values.empty() ? "" : ", ") + hand.literal(row.values.at(one));
        }
        hand.run("INSERT INTO " + row.table + " (" + names + ") VALUES (" + values + ")");
    }

    using Target = std::pair<std::string, std::string>; // table, column or whole_row
    static std::vector<Target> targets(Owned& hand) {
        std::vector<Target> all;
        for (const auto& table : hand.tables()) {
            auto columns = hand.columns(table);
            columns.emplace_back(whole_row);
            for (const auto& column : columns)
                if (!need_not_be_seen(table, column)) all.emplace_back(table, column);
        }
        return all;
    }
    void change_at_random(Owned& hand, App& in, const std::vector<Target>& all, int times) {
        for (int i = 0; i < times; ++i) {
            const auto& [table, column] = all[below(all.size())];
            change(hand, in, table, column, below(2) == 0);
        }
    }

    unsigned seed = 0;
    std::mt19937 dice;
    int changes = 0, refused_by_database = 0;
};

TEST_F(RandomChanges, AreNamedInEveryTableAndColumn) {
    SCOPED_TRACE("CUNMAI_SEED=" + std::to_string(seed));
    OwnedSqlite hand(app.database_file());
    for (const auto& table : hand.tables())
        ASSERT_NE(hand.value("SELECT COUNT(*) FROM " + table), "0") << table << ": the district must have one";
    ASSERT_TRUE(found(*app).empty());
    const auto all = targets(hand);
    for (const auto& [table, column] : all) {
        change(hand, *app, table, column, false);
        if (column != whole_row) change(hand, *app, table, column, true);
    }
    const auto* wish = std::getenv("CUNMAI_CHANGES");
    change_at_random(hand, *app, all, wish ? std::stoi(wish) : 0);
    std::cout << changes << " changes, " << refused_by_database << " more that the database did not take\n";
    EXPECT_GT(changes, static_cast<int>(all.size()));
    EXPECT_TRUE(found(*app).empty()) << "all is put back";
}

TEST_F(RandomChanges, AreNamedOnMariaDbToo) {
    SCOPED_TRACE("CUNMAI_SEED=" + std::to_string(seed));
    const auto file = app.folder() + "/district.backup";
    db::backup(app->database, file, {});
    auto config = app->config;
    config.database = new_mariadb_database();
    App there(config, false);
    db::migrate(there.database);
    db::restore(there.database, file, {});
    OwnedMariaDb hand(there.database);
    const auto whole = found(there);
    for (const auto& one : whole) ADD_FAILURE() << one.kind << ' ' << one.name << one.case_id.text << ' ' << one.what;
    auto all = targets(hand);
    std::erase_if(all, [&](const Target& one) { return hand.value("SELECT COUNT(*) FROM " + one.first) == "0"; });
    constexpr int sample = 60;
    change_at_random(hand, there, all, sample);
    EXPECT_GT(changes, sample / 2);
    EXPECT_TRUE(found(there).empty()) << "all is put back";
}

// The list of what need not be seen is about columns that there are.
TEST_F(RandomChanges, WhatNeedNotBeSeenIsThere) {
    OwnedSqlite hand(app.database_file());
    std::set<std::string> there;
    for (const auto& table : hand.tables()) {
        for (const auto* all : {".*", ".-"}) there.insert(table + all);
        for (const auto& column : hand.columns(table)) there.insert(table + '.' + column);
    }
    for (const auto& [name, reason] : need_not_be_seen()) EXPECT_TRUE(there.contains(name)) << name << " is gone";
}

} // namespace

} // namespace cunmai::test
