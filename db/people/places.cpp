#include "db/kernel/administration_chain.hpp"
#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"
#include "db/people/people.hpp"

#include <algorithm>
#include <unordered_map>

namespace cunmai::db {

using engine::Place;

namespace {

constexpr Later place_row{"places.insert"};
constexpr std::size_t rows_at_once = 64;

Outs outs_of(Place& p) { return {p.code, p.name, p.parent, p.level, p.path}; }

std::vector<Place> list(Database& database, std::string_view name, const Params& params) {
    return database.impl().reading<std::vector<Place>>(
        [&](Connection& connection) { return connection.all<Place>(name, params, outs_of); });
}

// Drops the indexes of an empty table before it is filled and makes them at the end from all rows, which is quicker
// than row by row. This is done only where it is undone with the transaction; in other databases the indexes stay.
class IndexesAtTheEnd {
  public:
    IndexesAtTheEnd(Connection& connection, std::string_view table) : connection_(connection) {
        const auto& of_table = connection.sql("indexes_of");
        if (of_table.empty()) return;
        std::string name, definition;
        std::vector<std::string> names;
        connection.each_text(of_table, {{"table_name", table}}, {name, definition}, [&] {
            names.push_back(name);
            definitions_.push_back(definition);
        });
        for (const auto& one : names) connection.run_text("DROP INDEX " + one);
    }
    void make() {
        for (const auto& definition : definitions_) connection_.run_text(definition);
    }

  private:
    Connection& connection_;
    std::vector<std::string> definitions_;
};

std::string text_of(const Place& place) {
    return Json{{"code", place.code},
                {"name", place.name},
                {"parent", place.parent},
                {"level", place.level},
                {"path", place.path}}
        .dump();
}

// Sorts by key; a register is usually in that order already.
std::vector<const Place*> by_code(const std::vector<Place>& places) {
    std::vector<const Place*> sorted;
    sorted.reserve(places.size());
    for (const auto& place : places) sorted.push_back(&place);
    const auto before = [](const Place* one, const Place* other) { return one->code < other->code; };
    if (!std::is_sorted(sorted.begin(), sorted.end(), before)) std::stable_sort(sorted.begin(), sorted.end(), before);
    return sorted;
}

struct Plan { // of an import
    Places::Imported counts;
    std::vector<const Place*> fresh;
    std::vector<std::pair<const Place*, const Place*>> renamed; // before, after
};

Plan plan_of(const std::vector<Place>& places, const std::vector<Place>& there) {
    std::unordered_map<std::string_view, const Place*> known; // by code
    for (const auto& place : there) known.emplace(place.code, &place);
    Plan plan;
    for (const auto* place : by_code(places)) {
        const auto found = known.find(place->code);
        if (found == known.end()) {
            plan.fresh.push_back(place);
            continue;
        }
        const auto& old = *found->second;
        // Cases, grants and the record name the path: a place that moved is more than an import.
        if (old.path != place->path || old.level != place->level) throw PlaceMoved(place->code);
        if (old.name == place->name)
            ++plan.counts.unchanged;
        else
            plan.renamed.emplace_back(&old, place);
    }
    plan.counts.inserted = static_cast<int>(plan.fresh.size());
    plan.counts.changed = static_cast<int>(plan.renamed.size());
    return plan;
}

} // namespace

std::optional<Place> Places::find(std::string_view code) {
    return database_.impl().reading<std::optional<Place>>([&](Connection& connection) -> std::optional<Place> {
        Place place;
        if (!connection.first("places.find", {{"code", code}}, outs_of(place))) return std::nullopt;
        return place;
    });
}

std::vector<Place> Places::children(std::string_view code) {
    return list(database_, "places.children", {{"code", code}});
}

std::vector<Place> Places::all() { return list(database_, "places.all", {}); }

bool Places::any() {
    return database_.impl().reading<bool>([](Connection& connection) {
        int one = 0;
        return connection.first("places.any", {}, {one});
    });
}

std::vector<Place> Places::within(const std::vector<std::string>& scopes, std::string_view level, std::string_view text,
                                  int limit, std::string_view after_code) {
    return database_.impl().reading<std::vector<Place>>([&](Connection& connection) {
        SqlText sql(connection.sql("places.within"));
        sql.param({"after", after_code}).add("AND").within("p.path", scopes, "scope");
        if (!level.empty()) sql.add(connection.sql("places.where_level"), {"level", level});
        if (!text.empty()) sql.add(connection.sql("places.where_text"), {"text", like(text)}).param({"exact", text});
        sql.add(connection.sql("places.within_end"), {"limit", limit});
        return connection.all_text<Place>(sql.text(), sql.params(), outs_of);
    });
}

Places::Imported Places::import(const std::vector<Place>& places, bool dry_run,
                                const std::function<void(std::int64_t done, std::int64_t total)>& progress,
                                const Deed& deed) {
    Imported imported;
    const auto work = [&](Connection& connection) {
        auto there = connection.all<Place>("places.all", {}, outs_of);
        const auto plan = plan_of(places, there);
        imported = plan.counts;
        if (dry_run) return;
        std::optional<IndexesAtTheEnd> indexes;
        if (there.empty()) indexes.emplace(connection, "places");
        auto counted = deed;
        counted.details.update({{"inserted", imported.inserted}, {"changed", imported.changed}});
        ManyDeeds deeds(connection, database_.clock().now(), counted, "register_imported");
        std::int64_t done = imported.unchanged;
        const auto step = [&] {
            if (progress) progress(++done, static_cast<std::int64_t>(places.size()));
        };
        std::vector<Params> rows;
        const auto insert = [&] {
            connection.run_rows(place_row, rows);
            rows.clear();
        };
        for (const auto* place : plan.fresh) {
            rows.push_back(row_params({{"code", place->code},
                                       {"name", place->name},
                                       {"parent", place->parent},
                                       {"level", place->level},
                                       {"path", place->path}}));
            if (rows.size() == rows_at_once) insert();
            deeds.add("places", "null", text_of(*place));
            step();
        }
        insert();
        for (const auto& [before, after] : plan.renamed) {
            for (const auto* statement : {"places.rename", "places.rename_in_cases"})
                connection.run(statement, {{"code", after->code}, {"name", after->name}});
            deeds.add("places", text_of(*before), text_of(*after));
            step();
        }
        if (indexes) indexes->make();
        deeds.finish();
    };
    if (dry_run)
        database_.impl().read(work);
    else
        database_.impl().write(work);
    return imported;
}

} // namespace cunmai::db
