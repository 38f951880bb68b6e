// The chain of administration, and the six tables rebuilt from it.
#include "db/kernel/administration_chain.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/operations/tables_check.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

constexpr std::size_t told_max = 100;

std::string event_name(const ChainedDeed& deed) { return std::to_string(deed.seq); }

class Rebuilding {
  public:
    Rebuilding(Connection& connection, AdministrationChecked& checked) : connection_(connection), checked_(checked) {}

    void run() {
        read_older_log();
        ChainedDeed deed;
        connection_.each("chains.deeds", {}, deed_outs(deed), [&] {
            if (checked_.wrong.empty()) take(deed);
        });
        if (checked_.wrong.empty()) check_end();
        if (checked_.wrong.empty()) compare();
    }

  private:
    void found(const std::string& kind, const std::string& name, const std::string& what) {
        if (checked_.wrong.size() < told_max) checked_.wrong.push_back({kind, name, what});
    }

    void read_older_log() {
        ChainedDeed deed;
        connection_.each("chains.deeds_before", {}, deed_outs(deed), [&] {
            older_ = hash_of(deed, older_);
            ++checked_.before_the_chain;
        });
    }

    void take(const ChainedDeed& deed) {
        const auto wrong = [&](const std::string& what) { found("administration", event_name(deed), what); };
        if (deed.seq != head_.length + 1)
            return wrong("comes where number " + std::to_string(head_.length + 1) + " is missing");
        if (hash_of(deed, head_.hash) != deed.hash) return wrong("does not match its hash");
        head_ = {deed.seq, deed.hash};
        ++checked_.events;
        const auto details = Json::parse(deed.details, nullptr, false);
        if (deed.seq == 1) begins_with_ = details;
        const auto changes = Json::parse(deed.changes, nullptr, false);
        if (details.is_discarded() || !changes.is_array()) return wrong("is not readable");
        try {
            for (const auto& change : changes)
                if (const auto what = apply(change); !what.empty()) return wrong(what);
        } catch (const Json::exception&) { wrong("is not readable"); }
    }

    // Empty when it could be done.
    std::string apply(const Json& change) {
        const auto* table = administered_table(change.value("table", ""));
        if (!table || !change.contains("before") || !change.contains("after")) return "is not readable";
        const auto& before = change.at("before");
        const auto& after = change.at("after");
        const auto key = key_of(*table, after.is_null() ? before : after);
        auto& rows = tables_[table->name];
        const auto known = rows.find(key);
        if ((known == rows.end() ? Json() : known->second) != before)
            return "has another " + table->kind + ' ' + key + " before it than the events before it lead to";
        if (after.is_null())
            rows.erase(key);
        else
            rows[key] = after;
        return "";
    }

    void check_end() {
        ChainHead end;
        const bool has_end = connection_.first("chains.end_of", {{"chain", "administration"}}, {end.length, end.hash});
        if (!has_end && head_.length == 0 && checked_.before_the_chain == 0) return; // nothing was ever done
        if (!has_end) return found("administration", std::to_string(head_.length), "the end of the chain is missing");
        if (end.length != head_.length)
            return found("administration", std::to_string(head_.length),
                         "is the last one, the chain ends at number " + std::to_string(end.length));
        if (end.hash != head_.hash)
            return found("administration", std::to_string(head_.length), "the chain ends with another hash");
        const auto before = begins_with_.value("log_before", Json::object());
        if (before.value("rows", std::int64_t{0}) != checked_.before_the_chain ||
            before.value("digest", engine::first_previous_hash) != older_)
            found("administration", "1", "the log from before the chain was changed");
    }

    void compare() {
        for (const auto& table : administered_tables()) {
            auto& known = tables_[table.name];
            for (const auto& row : rows_of(connection_, table)) {
                const auto key = key_of(table, row);
                const auto rebuilt = known.find(key);
                if (rebuilt == known.end()) {
                    found(table.kind, key, "stands in no event of the administration");
                    continue;
                }
                if (const auto names = differing(rebuilt->second, row); !names.empty())
                    found(table.kind, key, "differs from the events of the administration in " + names);
                known.erase(rebuilt);
            }
            for (const auto& [key, row] : known) found(table.kind, key, "is missing");
        }
    }

    static std::string differing(const Json& rebuilt, const Json& row) {
        std::string names;
        for (const auto& [column, value] : row.items())
            if (!rebuilt.contains(column) || rebuilt.at(column) != value) names += (names.empty() ? "" : ", ") + column;
        return names;
    }

    Connection& connection_;
    AdministrationChecked& checked_;
    ChainHead head_;
    std::string older_ = engine::first_previous_hash;
    Json begins_with_ = Json::object();
    std::map<std::string, std::map<std::string, Json>> tables_; // name → key → row
};

} // namespace

AdministrationChecked check_administration(Database& database) {
    AdministrationChecked checked;
    database.impl().read([&](Connection& connection) {
        checked = {};
        Rebuilding(connection, checked).run();
    });
    return checked;
}

} // namespace cunmai::db
