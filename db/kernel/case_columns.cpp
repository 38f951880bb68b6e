#include "db/kernel/case_columns.hpp"

#include "engine/json_text.hpp"

namespace cunmai::db {

Outs CaseReader::outs() {
    auto& r = row_;
    return {r.id,
            r.definition,
            r.definition_version,
            r.state,
            r.version,
            r.place.code,
            r.place.name,
            r.place.parent,
            r.place.level,
            r.place.path,
            r.parent,
            r.batch,
            r.summary.title,
            r.summary.category,
            r.summary.due_on,
            r.summary.colour,
            r.final,
            r.one_open_per_place,
            facts_,
            r.head_hash,
            r.opened_at,
            r.updated_at};
}

engine::CaseRow CaseReader::row() const {
    auto row = row_;
    row.summary.due_on = read_due(row.summary.due_on);
    row.facts = parsed(facts_, ("the facts of case " + row.id.text).c_str());
    return row;
}

Outs event_outs(engine::Event& e) {
    return {e.case_id, e.seq, e.at,      e.actor,   e.on_behalf_of, e.definition, e.definition_version, e.command,
            e.from,    e.to,  e.payload, e.context, e.changes,      e.request_id, e.previous_hash,      e.hash};
}

Json parsed(const std::string& text, const char* what) {
    try {
        return parse_json(text);
    } catch (const Json::exception&) { throw std::runtime_error(std::string(what) + " are not JSON"); }
}

} // namespace cunmai::db
