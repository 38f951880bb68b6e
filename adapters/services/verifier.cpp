#include "adapters/services/verifier.hpp"

#include "adapters/services/verified_documents.hpp"
#include "db/kernel/snapshot.hpp"
#include "db/operations/definitions.hpp"
#include "db/operations/tables_check.hpp"
#include "engine/strict_json.hpp"
#include "workflows/agreement.hpp"
#include "workflows/quoted_rules.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace cunmai::verifier {

namespace {

constexpr int ids_per_page = 1000;
constexpr std::size_t threads_max = 4; // so that sessions of the pool remain for others
constexpr std::size_t cases_a_thread_min = 50;

// The rules as they were at each moment, to be compared with what events quote of them.
class RuleHistory {
  public:
    explicit RuleHistory(db::Rules& rules) : rules_(rules) {
        for (const auto& key : rules.keys())
            if (key != "catalogue" && key != "catalogue_proposed" && key != "calendar") // bulky, and not quoted
                history_[key] = readable(rules, key);
    }

    // Empty when all is as it was.
    std::string misquoted_in(const engine::Event& event) const {
        for (const auto& quoted : workflows::quoted_rules(event))
            if (!held_about(event.at, quoted, history_of(quoted.rule)) &&
                !held_about(event.at, quoted, readable(rules_, quoted.rule))) // it may have been set meanwhile
                return "quotes " + quoted.value.dump() + " for the rule " + quoted.rule + quoted.part +
                       ", which the history of the rules does not have at that time";
        return "";
    }

  private:
    // One that can't even be read any more has no history; the administration's record names it.
    static std::vector<db::Rules::Change> readable(db::Rules& rules, const std::string& key) {
        try {
            return rules.changes(key);
        } catch (const engine::StoreUnavailable&) { throw; } catch (const std::exception&) {
            return {};
        }
    }

    const std::vector<db::Rules::Change>& history_of(const std::string& key) const {
        static const std::vector<db::Rules::Change> none;
        const auto found = history_.find(key);
        return found == history_.end() ? none : found->second;
    }

    // Two servers' clocks may differ by some seconds: then the value before or after a change is right, too.
    static bool held_about(engine::Instant at, const workflows::QuotedRule& quoted,
                           const std::vector<db::Rules::Change>& history) {
        constexpr int clocks_differ_seconds_max = 10;
        const Json::json_pointer part{quoted.part};
        const auto earliest = at.plus_seconds(-clocks_differ_seconds_max);
        const auto today = engine::to_text(engine::local_date(at));
        for (const auto& change : history) { // newest first
            if (change.value.is_object() && change.value.value("in_force_from", "") > today) continue;
            if (change.at > at.plus_seconds(clocks_differ_seconds_max)) continue;
            const auto value = change.value.contains(part) ? change.value.at(part) : quoted.if_unset;
            if (value == quoted.value) return true;
            if (change.at <= earliest) return false; // it held all the time
        }
        return false;
    }

    db::Rules& rules_;
    std::map<std::string, std::vector<db::Rules::Change>> history_;
};

class Verification {
  public:
    Verification(App& app, const Options& options) : app_(app), options_(options), documents_(app), rules_(app.rules) {}

    Report run(const Progress& progress) {
        for (auto& id : app_.cases.ids_with_wrong_slot(ids_per_page)) wrong_slots_.insert(std::move(id));
        const auto ids = options_.only.empty() ? all_ids() : std::vector{options_.only};
        const auto threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, threads_max);
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < threads && i * cases_a_thread_min < ids.size(); ++i)
            helpers.emplace_back([&] { check_all(ids, progress); });
        check_all(ids, progress);
        helpers.clear(); // joins the threads
        if (failure_) std::rethrow_exception(failure_);
        if (options_.only.empty()) compare_claims(ids);
        for (auto& [index, damage] : damage_) report_.damage.push_back(std::move(damage));
        if (options_.only.empty()) check_the_rest();
        report_.documents = documents_.read();
        return std::move(report_);
    }

  private:
    std::vector<engine::CaseId> all_ids() {
        std::vector<engine::CaseId> ids;
        for (;;) {
            const auto page = app_.cases.all_ids(ids.empty() ? "" : ids.back().text, ids_per_page);
            ids.insert(ids.end(), page.begin(), page.end());
            if (page.size() < ids_per_page) break;
        }
        // Cases whose row is gone are found by their events.
        for (auto& id : app_.cases.ids_with_events_but_no_row(ids_per_page)) ids.push_back(std::move(id));
        return ids;
    }

    // Run by each thread: takes the next case that no other thread has taken.
    void check_all(const std::vector<engine::CaseId>& ids, const Progress& progress) {
        for (std::size_t index; (index = next_++) < ids.size();) {
            std::optional<Damage> damage;
            try {
                damage = checked(ids[index]);
            } catch (...) {
                const std::lock_guard lock(mutex_);
                failure_ = std::current_exception();
                next_ = ids.size();
                return;
            }
            const std::lock_guard lock(mutex_);
            if (damage) damage_.emplace(index, std::move(*damage));
            ++report_.cases;
            if (progress) progress(report_.cases, static_cast<std::int64_t>(ids.size()));
        }
    }

    std::optional<Damage> checked(const engine::CaseId& id) {
        try {
            return damage_of(id);
        } catch (const engine::StoreUnavailable&) { throw; } catch (const engine::DamagedEvent& damaged) {
            return Damage{id, damaged.seq, damaged.what()};
        } catch (const std::exception& error) { // the stored data can't even be parsed
            return Damage{id, 0, error.what()};
        }
    }

    std::optional<Damage> damage_of(const engine::CaseId& id) {
        const db::Snapshot snapshot(app_.database); // commands may come meanwhile
        const auto events = app_.cases.events(id);
        const auto row = app_.cases.row(id);
        {
            const std::lock_guard lock(mutex_);
            report_.events += static_cast<std::int64_t>(events.size());
        }
        if (auto damage = engine::check_chain(id, events)) return as_damage(*damage);
        if (events.empty()) return Damage{id, 0, row ? "the case has no events" : "there is no such case"};
        if (!row) return Damage{id, 0, "the case row is missing"};
        if (auto fault = engine::fault_in_json(db::facts_text(app_.database, id)); !fault.empty())
            return Damage{id, 0, "the case row's facts: " + fault};
        engine::CaseRow folded;
        const auto decided_otherwise = options_.replay ? engine::replay(app_.registry, events, folded) : std::nullopt;
        try {
            if (!options_.replay || decided_otherwise) folded = engine::fold(app_.registry, events);
        } catch (const std::exception&) {
            if (decided_otherwise) return as_damage(*decided_otherwise); // which names the event
            throw;
        }
        if (row->version != folded.version)
            return Damage{id, std::min(row->version, folded.version) + 1,
                          "the case row is at version " + std::to_string(row->version) + ", its events end at " +
                              std::to_string(folded.version)};
        if (const auto differs = differing(*row, folded); !differs.empty())
            return Damage{id, 0, "the case row differs from its events in " + differs};
        if (decided_otherwise) return as_damage(*decided_otherwise);
        for (const auto& event : events)
            if (auto what = rules_.misquoted_in(event); !what.empty()) return Damage{id, event.seq, std::move(what)};
        const auto opener = [&] {
            return row->parent.empty() ? std::vector<engine::Event>() : app_.cases.events(row->parent);
        };
        if (auto damage = documents_.damage_of(id, events, opener)) return as_damage(*damage);
        auto claims = workflows::claims_of(app_.registry, *row, events);
        const std::lock_guard lock(mutex_);
        for (auto& claim : claims) claims_.push_back(std::move(claim));
        return {};
    }

    static Damage as_damage(const engine::Damage& damage) { return {damage.case_id, damage.seq, damage.what}; }

    // A place may have been renamed since the case was opened: then its row, and a title written after that, have the
    // register's name and the events the old one. Everything else is as the events say.
    std::string differing(const engine::CaseRow& row, engine::CaseRow folded) {
        if (row.place.level != folded.place.level) return "place_level";
        if (row.place.parent != folded.place.parent) return "place_parent";
        if (row.one_open_per_place != folded.one_open_per_place) return "one_open_per_place";
        if (wrong_slots_.contains(row.id)) return "open_slot, or a flag that is neither 0 nor 1";
        if (row.place.name == folded.place.name) return engine::difference(row, folded);
        const auto place = app_.places.find(row.place.code);
        if (!place || place->name != row.place.name) return "place_name";
        if (const auto differs = engine::difference(row, folded); differs != "title") return differs;
        folded.summary = app_.registry.find(folded.definition, folded.definition_version)
                             ->summary({row.id, row.place, row.state, folded.facts});
        return engine::difference(row, folded);
    }

    // Each claim of one case about another has its match. Where either is damaged itself, that is told already.
    void compare_claims(const std::vector<engine::CaseId>& ids) {
        std::map<engine::CaseId, std::size_t> index_of;
        for (std::size_t index = 0; index < ids.size(); ++index) index_of[ids[index]] = index;
        const auto is_damaged = [&, damaged = damage_](const engine::CaseId& id) {
            const auto found = index_of.find(id);
            return found != index_of.end() && damaged.contains(found->second);
        };
        for (const auto& [one, other] : pairs_that_differ(claims_)) {
            if (is_damaged(one) || is_damaged(other)) continue;
            // A command that tells both may have come between the two looks: they are looked at again at one moment.
            for (const auto& claim : without_match(one, other))
                damage_.emplace(
                    index_of.at(claim.by),
                    Damage{claim.by, 0, "says of case " + claim.of.text + ", which does not say so: " + claim.what});
        }
    }

    using Pair = std::pair<engine::CaseId, engine::CaseId>; // the lesser id first

    static Pair pair_of(const workflows::Claim& claim) {
        return claim.of < claim.by ? Pair{claim.of, claim.by} : Pair{claim.by, claim.of};
    }

    static std::set<Pair> pairs_that_differ(const std::vector<workflows::Claim>& claims) {
        std::map<std::pair<Pair, std::string>, int> open;
        for (const auto& claim : claims) open[{pair_of(claim), claim.what}] += claim.of < claim.by ? -1 : 1;
        std::set<Pair> pairs;
        for (const auto& [said, more] : open)
            if (more != 0) pairs.insert(said.first);
        return pairs;
    }

    std::vector<workflows::Claim> without_match(const engine::CaseId& one, const engine::CaseId& other) {
        const db::Snapshot snapshot(app_.database);
        std::map<std::string, int> open;
        for (const auto& id : {one, other}) {
            const auto row = app_.cases.row(id);
            if (!row) continue;
            for (const auto& claim : workflows::claims_of(app_.registry, *row, app_.cases.events(id)))
                if (pair_of(claim) == Pair{one, other}) open[claim.what] += id == one ? 1 : -1;
        }
        std::vector<workflows::Claim> alone;
        for (const auto& [what, more] : open) {
            if (more > 0) alone.push_back({one, other, what});
            if (more < 0) alone.push_back({other, one, what});
        }
        return alone;
    }

    // What is no case's. What can't even be read as what it should be is damage, too.
    void check_the_rest() {
        look("triggers", [&] { add(db::wrong_triggers(app_.database)); });
        look("migrations", [&] { add(db::wrong_migrations(app_.database)); });
        look("counts", [&] { add(db::wrong_counts(app_.database)); });
        look("documents", [&] { check_documents(); });
        look("refusals", [&] {
            const auto refusals = db::check_refusals(app_.database);
            add(refusals.wrong);
            report_.refusals = refusals.chained;
            report_.refusals_before_the_chain = refusals.before_the_chain;
        });
        look("administration", [&] {
            const auto administration = db::check_administration(app_.database);
            add(administration.wrong);
            report_.administration = administration.events;
            report_.administration_before_the_chain = administration.before_the_chain;
        });
        look("definitions", [&] {
            for (const auto& name : db::changed_definitions(app_.database, app_.registry.all()))
                add({{"workflow", name, "is not the one that cases were opened with"}});
        });
    }

    void look(const std::string& name, const std::function<void()>& check) {
        try {
            check();
        } catch (const engine::StoreUnavailable&) { throw; } catch (const std::exception& error) {
            add({{"unreadable", name, error.what()}});
        }
    }

    void add(const db::Wrongs& wrongs) {
        for (const auto& wrong : wrongs)
            if (wrong.kind != "document" || !is_told(wrong.name))
                report_.damage.push_back({{}, 0, wrong.what, wrong.kind, wrong.name});
    }

    void check_documents() {
        add(db::wrong_documents(app_.database));
        for (const auto& sha256 : app_.documents.all_names())
            if (!documents_.is_whole(sha256)) add({{"document", sha256, "is missing or damaged"}});
    }

    // Of a document that an event names, the case is damaged.
    bool is_told(const std::string& sha256) const {
        return std::any_of(report_.damage.begin(), report_.damage.end(), [&](const Damage& damage) {
            return damage.name == sha256 || damage.what.find(sha256) != std::string::npos;
        });
    }

    App& app_;
    Options options_;
    std::set<engine::CaseId> wrong_slots_;
    VerifiedDocuments documents_;
    const RuleHistory rules_;
    std::atomic<std::size_t> next_ = 0; // case
    std::mutex mutex_;                  // guards the report, damage_, claims_, failure_
    Report report_;
    std::map<std::size_t, Damage> damage_; // by the case's place in the order
    std::vector<workflows::Claim> claims_;
    std::exception_ptr failure_;
};

} // namespace

Report verify(App& app, const Options& options, const Progress& progress) {
    return Verification(app, options).run(progress);
}

} // namespace cunmai::verifier
