#include "engine/replay.hpp"

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
    const auto context = Json::parse(event.context);
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

// The changes are applied to the row's own facts: long ones are not copied at each event.
void step(CaseRow& row, const Event& event) {
    if (const auto changes = Json::parse(event.changes); !changes.empty()) row.facts.patch_inplace(changes);
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

} // namespace

CaseRow fold(const Registry& registry, const std::vector<Event>& events) {
    if (events.empty()) throw std::runtime_error("a case without events");
    auto row = opened_by(registry, events.front());
    for (const auto& event : events) {
        const auto* definition = registry.find(event.definition, event.definition_version);
        if (!definition || event.definition != row.definition)
            throw std::runtime_error("event " + std::to_string(event.seq) + ": definition " + event.definition +
                                     " version " + std::to_string(event.definition_version) + " is not this case's");
        if (event.from != row.state)
            throw std::runtime_error("event " + std::to_string(event.seq) + ": starts in " + event.from +
                                     " but the case is in " + row.state);
        try {
            step(row, event);
        } catch (const Json::exception& error) {
            throw std::runtime_error("event " + std::to_string(event.seq) + ": " + error.what());
        }
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
    auto row = opened_by(registry, events.front());
    for (const auto& event : events) {
        const auto* definition = registry.find(event.definition, event.definition_version);
        if (!definition) return Damage{event.case_id, event.seq, "its definition is not in this program"};
        const auto payload = Json::parse(event.payload);
        const auto context = Json::parse(event.context);
        const Ask ask{row.id,  row.place, row.state, row.facts,   event.command,
                      payload, context,   event.at,  event.actor, event.on_behalf_of};
        const auto verdict = definition->decide(ask);
        if (verdict.kind != Verdict::Kind::accepted)
            return Damage{event.case_id, event.seq,
                          "the workflow would not accept " + event.command + " in " + row.state + " " +
                              to_json(verdict.refusal).dump()};
        if (verdict.decision.to != event.to)
            return Damage{event.case_id, event.seq, "goes to " + verdict.decision.to + ", recorded " + event.to};
        step(row, event);
        if (row.facts != verdict.decision.facts) return Damage{event.case_id, event.seq, "other changes than recorded"};
    }
    finish(row, registry);
    folded = std::move(row);
    return {};
}

std::string difference(const CaseRow& stored, const CaseRow& folded) {
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
    if (differences.empty()) return "";
    return differences.front().at("path").get<std::string>().substr(1);
}

} // namespace cunmai::engine
