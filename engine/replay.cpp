#include "engine/replay.hpp"

#include "engine/json_text.hpp"
#include "engine/needs.hpp"
#include "engine/strict_json.hpp"

#include <tuple>

namespace cunmai::engine {

namespace {

Place place_of(const Json& context) {
    const auto& place = context.at("place");
    return {place.at("code"), place.at("name"), place.at("parent"), place.at("level"), place.at("path")};
}

CaseRow opened_by(const Registry& registry, const Event& event) {
    const auto* definition = registry.find(event.definition, event.definition_version);
    if (!definition)
        throw std::runtime_error("definition " + event.definition + " version " +
                                 std::to_string(event.definition_version) + " is not in this program");
    const auto context = parse_json(event.context);
    CaseRow row;
    row.id = event.case_id;
    row.definition = event.definition;
    row.definition_version = event.definition_version;
    row.state = not_opened;
    row.place = place_of(context);
    row.parent.text = context.at("parent");
    row.batch = context.at("batch");
    row.one_open_per_place = definition->info().one_open_per_place;
    row.opened_at = event.at;
    return row;
}

void step(CaseRow& row, const Event& event) {
    row.state = event.to;
    row.definition_version = event.definition_version;
    row.version = event.seq;
    row.head_hash = event.hash;
    row.updated_at = event.at;
}

void finish(CaseRow& row, const Registry& registry) {
    const auto& definition = *registry.find(row.definition, row.definition_version);
    row.final = definition.info().is_final(row.state);
    row.summary = definition.summary({row.id, row.place, row.state, row.facts});
}

// Compares everything that `difference` can name.
bool are_alike(const CaseRow& one, const CaseRow& other) {
    const auto plain = [](const CaseRow& row) {
        return std::tie(row.definition, row.definition_version, row.state, row.version, row.place.code, row.place.path,
                        row.parent, row.batch, row.final, row.summary.title, row.summary.category, row.summary.due_on,
                        row.summary.colour, row.head_hash, row.opened_at, row.updated_at);
    };
    return plain(one) == plain(other) && is_exactly(one.facts, other.facts);
}

// Whether the event brings the case from this version to a higher one.
bool is_move_from(int version, const Event& event) {
    return event.definition_version > version && parse_json(event.payload).value("from_version", 0) == version;
}

// Why the event can't be the next one of this case; empty when it can.
std::string misfit(const CaseRow& row, const Event& event, const Definition* definition) {
    if (!definition || event.definition != row.definition)
        return "definition " + event.definition + " version " + std::to_string(event.definition_version) +
               " is not this case's";
    const bool moves_it = event.command == migrate_command;
    if (moves_it != (event.definition_version != row.definition_version) ||
        (moves_it && !is_move_from(row.definition_version, event)))
        return event.command + " under version " + std::to_string(event.definition_version) +
               " of the workflow, but the case is in version " + std::to_string(row.definition_version);
    if (event.from != row.state) return "starts in " + event.from + " but the case is in " + row.state;
    return "";
}

// Whether the recorded changes lead from the facts before to the facts after. Usually they equal, letter by letter,
// what would be recorded now, and need not be parsed.
bool are_the_changes(const Event& event, const Json& before, const Json& after) {
    if (changes_between(before, after) == event.changes) return true;
    auto recorded = before;
    apply_changes(recorded, parse_json(event.changes));
    return is_exactly(recorded, after);
}

// Decides the event again. Returns what came out otherwise; empty when nothing did, and then the row is after it.
std::string decided_otherwise(const Registry& registry, const Event& event, CaseRow& row) {
    const auto* definition = registry.find(event.definition, event.definition_version);
    if (auto why = misfit(row, event, definition); !why.empty()) return why;
    const auto payload = parse_json(event.payload);
    auto context = parse_json(event.context);
    add_not_found(context, definition->info(), row.state, event.command);
    Ask ask{row.id,  row.place, row.state, row.facts,   event.command,
            payload, context,   event.at,  event.actor, event.on_behalf_of};
    auto verdict = definition->decide(ask);
    if (verdict.kind != Verdict::Kind::accepted)
        return "the workflow would not accept " + event.command + " in " + row.state + " " +
               to_json(verdict.refusal).dump();
    if (verdict.decision.to != event.to) return "goes to " + verdict.decision.to + ", recorded " + event.to;
    if (!are_the_changes(event, row.facts, verdict.decision.facts)) return "other changes than recorded";
    row.facts = std::move(verdict.decision.facts);
    step(row, event);
    return "";
}

} // namespace

CaseRow fold(const Registry& registry, const std::vector<Event>& events) {
    if (events.empty()) throw std::runtime_error("a case without events");
    CaseRow row;
    for (const auto& event : events) {
        std::string why;
        try { // the facts are changed in place: long ones are not copied at each event
            if (&event == &events.front()) row = opened_by(registry, event);
            why = misfit(row, event, registry.find(event.definition, event.definition_version));
            if (why.empty()) apply_changes(row.facts, parse_json(event.changes));
        } catch (const std::exception& error) { why = error.what(); }
        if (!why.empty()) throw DamagedEvent(event.seq, why);
        step(row, event);
    }
    finish(row, registry);
    return row;
}

std::optional<Damage> check_chain(const CaseId& id, const std::vector<Event>& events) {
    auto previous = first_previous_hash;
    std::int64_t expected = 1;
    for (const auto& event : events) {
        if (event.seq != expected)
            return Damage{id, expected, "missing or out of order: found number " + std::to_string(event.seq)};
        if (event.case_id != id) return Damage{id, event.seq, "belongs to case " + event.case_id.text};
        if (event.previous_hash != previous) return Damage{id, event.seq, "previous hash does not match"};
        if (hash_of(event) != event.hash) return Damage{id, event.seq, "hash does not match"};
        if (auto fault = fault_in_texts(event); !fault.empty()) return Damage{id, event.seq, std::move(fault)};
        previous = event.hash;
        ++expected;
    }
    return {};
}

std::optional<Damage> replay(const Registry& registry, const std::vector<Event>& events) {
    CaseRow folded;
    return replay(registry, events, folded);
}

std::optional<Damage> replay(const Registry& registry, const std::vector<Event>& events, CaseRow& folded) {
    if (events.empty()) return {};
    CaseRow row;
    for (const auto& event : events) {
        std::string what;
        try {
            if (&event == &events.front()) row = opened_by(registry, event);
            what = decided_otherwise(registry, event, row);
        } catch (const std::exception& error) { what = error.what(); } // what a decision needs is not in the event
        if (!what.empty()) return Damage{event.case_id, event.seq, std::move(what)};
    }
    finish(row, registry);
    folded = std::move(row);
    return {};
}

std::string difference(const CaseRow& stored, const CaseRow& folded) {
    if (are_alike(stored, folded)) return "";
    const auto as_json = [](const CaseRow& row) {
        return Json{{"definition", row.definition},
                    {"definition_version", row.definition_version},
                    {"state", row.state},
                    {"version", row.version},
                    {"place", {row.place.code, row.place.path}},
                    {"parent", row.parent},
                    {"batch", row.batch},
                    {"final", row.final},
                    {"title", row.summary.title},
                    {"category", row.summary.category},
                    {"due_on", row.summary.due_on},
                    {"colour", row.summary.colour},
                    {"facts", row.facts},
                    {"head_hash", row.head_hash},
                    {"opened_at", row.opened_at.micros},
                    {"updated_at", row.updated_at.micros}};
    };
    const auto differences = Json::diff(as_json(folded), as_json(stored));
    if (differences.empty()) return "facts"; // in the exact value of a number
    return differences.front().at("path").get<std::string>().substr(1);
}

} // namespace cunmai::engine
