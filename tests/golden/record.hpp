// A golden record: the events of a small invented district as a released program wrote them, with the row that each
// case got. Every later program must decide all events again in the same way (docs/golden-record.md).
//
// The file is JSON, one line for each event, so that it compresses and reads well:
//   {"definitions":[[key, version, fingerprint], …],
//    "documents":{SHA-256: text},
//    "cases":[{"row":{id, definition, version, state, place, parent, batch, final, summary, facts}, "events":[[at,
//      actor, on_behalf_of, definition_version, command, from, to, payload, context, changes, request_id, hash], …]}]}
// `facts` is the SHA-256 of the facts' text; payload, context and changes are the texts that were hashed.
#pragma once

#include "engine/case_service.hpp"

#include <map>
#include <string>
#include <vector>

namespace cunmai::golden {

struct Case {
    Json row; // as above
    std::vector<engine::Event> events;
};

struct Record {
    Json definitions = Json::array();
    std::vector<Case> cases;
    std::map<std::string, std::string> documents; // named by the events; by SHA-256
};

Json row_of(const engine::CaseRow& row);

Record read(const std::string& file);
// Puts the cases of the record into a store that does not have them.
void keep(engine::Transaction& tx, const engine::Registry& registry, const Record& record);
void write(const std::string& file, const Record& record);

} // namespace cunmai::golden
