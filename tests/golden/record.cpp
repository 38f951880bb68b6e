#include "tests/golden/record.hpp"

#include "engine/fingerprint.hpp"
#include "engine/json_text.hpp"

#include <fstream>
#include <stdexcept>

namespace cunmai::golden {

using engine::Event;

namespace {

Json line_of(const Event& event) {
    return {event.at.micros, event.actor,   event.on_behalf_of, event.definition_version,
            event.command,   event.from,    event.to,           event.payload,
            event.context,   event.changes, event.request_id,   event.hash};
}

Event event_of(const Json& line) {
    Event event;
    event.at.micros = line.at(0);
    event.actor.text = line.at(1);
    event.on_behalf_of.text = line.at(2);
    event.definition_version = line.at(3);
    event.command = line.at(4);
    event.from = line.at(5);
    event.to = line.at(6);
    event.payload = line.at(7);
    event.context = line.at(8);
    event.changes = line.at(9);
    event.request_id = line.at(10);
    event.hash = line.at(11);
    return event;
}

Case case_of(const Json& stored) {
    Case one{stored.at("row"), {}};
    auto previous = engine::first_previous_hash;
    for (const auto& line : stored.at("events")) {
        auto event = event_of(line);
        event.case_id.text = one.row.at("id");
        event.definition = one.row.at("definition");
        event.seq = static_cast<std::int64_t>(one.events.size()) + 1;
        event.previous_hash = previous;
        previous = event.hash;
        one.events.push_back(std::move(event));
    }
    return one;
}

} // namespace

Json row_of(const engine::CaseRow& row) {
    const auto& summary = row.summary;
    return {{"id", row.id},
            {"definition", row.definition},
            {"version", row.definition_version},
            {"state", row.state},
            {"place", row.place.path},
            {"parent", row.parent},
            {"batch", row.batch},
            {"final", row.final},
            {"summary", {summary.title, summary.category, summary.due_on, summary.colour}},
            {"facts", sha256_hex(text_of(row.facts))}};
}

Record read(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("can't read " + file);
    const auto stored = Json::parse(in);
    Record record;
    record.definitions = stored.at("definitions");
    record.documents = stored.at("documents").get<std::map<std::string, std::string>>();
    for (const auto& one : stored.at("cases")) record.cases.push_back(case_of(one));
    return record;
}

void keep(engine::Transaction& tx, const engine::Registry& registry, const Record& record) {
    for (const auto& one : record.cases) {
        const auto row = engine::fold(registry, one.events);
        const auto& definition = *registry.find(row.definition, row.definition_version);
        const engine::CaseView view{row.id, row.place, row.state, row.facts};
        tx.insert(row);
        for (const auto& event : one.events) tx.append(event);
        tx.set_tasks(row, definition.tasks(view));
        tx.add_timers(row, definition.timers(view));
        tx.set_involved(row, definition.involved(view));
    }
}

void write(const std::string& file, const Record& record) {
    std::ofstream out(file);
    out << "{\"definitions\":" << record.definitions.dump() << ",\n\"documents\":" << Json(record.documents).dump()
        << ",\n\"cases\":[";
    for (const auto& one : record.cases) {
        out << (&one == &record.cases.front() ? "\n" : ",\n") << "{\"row\":" << one.row.dump() << ",\"events\":[";
        for (const auto& event : one.events)
            out << (&event == &one.events.front() ? "\n" : ",\n") << line_of(event).dump();
        out << "]}";
    }
    out << "]}\n";
    if (!out.flush()) throw std::runtime_error("can't write " + file);
}

} // namespace cunmai::golden
