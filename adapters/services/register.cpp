#include "adapters/services/register.hpp"

#include "adapters/files/csv.hpp"
#include "engine/text.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

namespace cunmai::import {

namespace {

constexpr std::size_t code_length_max = 32;  // bytes: codes are ASCII
constexpr std::size_t name_length_max = 100; // characters
constexpr std::size_t columns = 4;
constexpr int depth_max = 8; // of parents, when looking for a cycle

struct Entry {
    std::size_t line = 0;
    engine::Place place;
    bool is_community = false;
    bool is_duplicate = false;
};

// The level above: what the parent of a place must be.
std::string_view above(std::string_view level) {
    return level == "village" ? "town" : level == "town" ? "district" : "";
}

bool is_code(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    });
}

// A register is usually sorted level by level, so it consists of few sorted runs, which only need to be merged.
template <class Before> void sort_runs(std::vector<Entry*>& entries, Before before) {
    constexpr int runs_max = 8;
    auto sorted_until = std::is_sorted_until(entries.begin(), entries.end(), before);
    for (int runs = 1; sorted_until != entries.end(); ++runs) {
        if (runs == runs_max) return std::stable_sort(entries.begin(), entries.end(), before);
        const auto next = std::is_sorted_until(sorted_until, entries.end(), before);
        std::inplace_merge(entries.begin(), sorted_until, next, before);
        sorted_until = next;
    }
}

class Checker {
  public:
    explicit Checker(const std::vector<engine::Place>& known) {
        for (const auto& place : known) known_.emplace(place.code, &place);
    }

    Register check(std::string_view content) {
        csv::read(content, [this](csv::Record& record) { take(record); });
        if (!header_seen_) bad(1, "empty_file");
        sort_by_code();
        for (const auto& entry : entries_)
            if (!entry.is_duplicate) relate(entry);
        std::stable_sort(result_.bad.begin(), result_.bad.end(),
                         [](const BadRow& one, const BadRow& other) { return one.line < other.line; });
        if (result_.bad.empty()) arrange();
        return std::move(result_);
    }

  private:
    void bad(std::size_t line, std::string code, Json facts = Json::object()) {
        facts["line"] = line;
        result_.bad.push_back({line, std::move(code), std::move(facts)});
    }

    void take(csv::Record& record) {
        if (!record.problem.empty()) {
            result_.rows += header_seen_;
            header_seen_ = true;
            return bad(record.line, record.problem);
        }
        for (auto& field : record.fields) field = trimmed(field);
        if (!header_seen_) {
            header_seen_ = true;
            if (record.fields != std::vector<std::string>{"code", "name", "parent", "level"})
                bad(record.line, "wrong_header");
            return;
        }
        ++result_.rows;
        if (record.fields.size() != columns)
            return bad(record.line, "wrong_columns", {{"found", record.fields.size()}, {"expected", columns}});
        const auto &code = record.fields[0], &name = record.fields[1], &parent = record.fields[2];
        auto& level = record.fields[3];
        const bool is_community = level == "community";
        if (is_community) level = "village";
        if (code.empty()) return bad(record.line, "empty_code");
        if (name.empty()) return bad(record.line, "empty_name", {{"code", code}});
        if (code.size() > code_length_max || parent.size() > code_length_max)
            return bad(record.line, "code_too_long", {{"max", code_length_max}});
        if (!is_code(code) || !is_code(parent)) return bad(record.line, "bad_code", {{"code", code}});
        if (without_hidden(name) != name) return bad(record.line, "control_character");
        if (characters(name) > name_length_max) return bad(record.line, "name_too_long", {{"max", name_length_max}});
        if (level != "district" && level != "town" && level != "village")
            return bad(record.line, "unknown_level", {{"level", level}});
        entries_.push_back({record.line, {code, name, parent, level, ""}, is_community});
    }

    // Sorted rather than hashed: a register is usually in this order, and neighbours share their parent.
    void sort_by_code() {
        by_code_.reserve(entries_.size());
        for (auto& entry : entries_) by_code_.push_back(&entry);
        sort_runs(by_code_, [](const Entry* one, const Entry* other) { return one->place.code < other->place.code; });
        const Entry* first = nullptr;
        for (auto* entry : by_code_) {
            entry->is_duplicate = first && first->place.code == entry->place.code;
            if (!entry->is_duplicate)
                first = entry;
            else
                bad(entry->line, "duplicate_code", {{"code", entry->place.code}, {"first_line", first->line}});
        }
        std::erase_if(by_code_, [](const Entry* entry) { return entry->is_duplicate; });
    }

    const engine::Place* find(const std::string& code) const {
        if (found_last_ && found_last_->code == code) return found_last_;
        const auto entry =
            std::lower_bound(by_code_.begin(), by_code_.end(), code,
                             [](const Entry* one, const std::string& wanted) { return one->place.code < wanted; });
        if (entry != by_code_.end() && (*entry)->place.code == code) return found_last_ = &(*entry)->place;
        if (const auto place = known_.find(code); place != known_.end()) return found_last_ = place->second;
        return nullptr;
    }

    // REQUIRES: the place's level does not fit below its parent's. Where all levels fit there is no cycle.
    bool in_cycle(const engine::Place& place) const {
        const auto* at = find(place.parent);
        for (int depth = 0; at && depth < depth_max; ++depth) {
            if (at->code == place.code) return true;
            at = find(at->parent);
        }
        return false;
    }

    // Checks that need all rows.
    void relate(const Entry& entry) {
        const auto& place = entry.place;
        const auto is_bad = [&](const char* code) {
            bad(entry.line, code, {{"code", place.code}, {"parent", place.parent}, {"level", place.level}});
        };
        const auto* parent = find(place.parent);
        const bool is_district = place.level == "district";
        if (!is_district && place.parent.empty()) return is_bad("parent_missing");
        if (!is_district && !parent) return is_bad("unknown_parent");
        if (parent && parent->level != above(place.level)) return is_bad(in_cycle(place) ? "cycle" : "wrong_level");
        const auto there = known_.find(place.code);
        if (there == known_.end()) return;
        if (there->second->level != place.level)
            is_bad("level_changed");
        else if (!is_district && there->second->parent != place.parent)
            is_bad("parent_changed");
    }

    // Paths, parents first. A district's parent (a province's or city's code) is not kept: it is not a place here.
    void arrange() {
        for (const std::string_view level : {"district", "town", "village"})
            for (auto& entry : entries_) {
                auto& place = entry.place;
                if (place.level != level) continue;
                if (level == "district") place.parent.clear();
                const auto* parent = place.parent.empty() ? nullptr : find(place.parent);
                place.path = (parent ? parent->path : "/") + place.code + "/";
                ++(level == "district"  ? result_.districts
                   : level == "town"    ? result_.towns
                   : entry.is_community ? result_.communities
                                        : result_.villages);
            }
        result_.places.reserve(by_code_.size());
        for (auto* entry : by_code_) result_.places.push_back(std::move(entry->place));
    }

    std::unordered_map<std::string_view, const engine::Place*> known_;
    std::deque<Entry> entries_; // a deque, because pointers to its entries must stay valid
    std::vector<Entry*> by_code_;
    mutable const engine::Place* found_last_ = nullptr;
    Register result_;
    bool header_seen_ = false;
};

} // namespace

Register read_register(std::string_view content, const std::vector<engine::Place>& known) {
    return Checker(known).check(content);
}

Imported import_register(App& app, std::string_view content, bool dry_run, const Progress& progress,
                         const engine::PersonId& by) {
    Imported imported;
    imported.read = read_register(content, app.places.all());
    if (!imported.read.bad.empty()) return imported;
    imported.counts = app.places.import(imported.read.places, dry_run, progress, {by, "register_imported"});
    return imported;
}

} // namespace cunmai::import
