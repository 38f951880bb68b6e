// What an accepted command writes. It is written together with the rest of the batch: the case's row has been locked
// since it was loaded, so the decision still holds. Tasks, timers and people are in transaction_sets.cpp.
#include "db/kernel/ballot_seal.hpp"
#include "db/kernel/case_columns.hpp"
#include "db/kernel/chains.hpp"
#include "db/kernel/new_id.hpp"
#include "db/kernel/paths.hpp"
#include "db/kernel/transaction.hpp"
#include "engine/json_text.hpp"

#include <algorithm>

namespace cunmai::db {

using namespace engine;

namespace {

Param open_slot(const CaseRow& row) {
    if (!row.one_open_per_place || row.final) return {"open_slot", std::nullopt};
    return {"open_slot", row.definition + ':' + row.place.code};
}

// An updated row counts as one change; with MySQL's INSERT … ON DUPLICATE KEY UPDATE it counts as two.
constexpr Later move_one{"cases.move", {}, 1, false}, move_rows{"cases.move_rows", "cases.move_rows_end", 2},
    append_row{"cases.append"}, post_row{"cases.post"}, refusal_row{"cases.keep_refusal"};

Params row_of(const CaseRow& row) {
    return row_params({{"id", row.id},
                       {"definition", row.definition},
                       {"definition_version", row.definition_version},
                       {"state", row.state},
                       {"version", row.version},
                       {"place_code", row.place.code},
                       {"place_name", row.place.name},
                       {"place_parent", row.place.parent},
                       {"place_level", row.place.level},
                       {"place_path", row.place.path},
                       {"parent", row.parent},
                       {"batch", row.batch},
                       {"title", row.summary.title},
                       {"category", row.summary.category},
                       {"due_on", stored_due(row.summary.due_on)},
                       {"colour", row.summary.colour},
                       {"is_final", row.final},
                       {"one_open_per_place", row.one_open_per_place},
                       open_slot(row),
                       {"facts", text_of(row.facts)},
                       {"head_hash", row.head_hash},
                       {"opened_at", row.opened_at},
                       {"updated_at", row.updated_at}});
}

Params change_of(const CaseRow& before, const CaseRow& after) {
    return row_params({{"definition_version", after.definition_version},
                       {"state", after.state},
                       {"version", after.version},
                       {"title", after.summary.title},
                       {"category", after.summary.category},
                       {"due_on", stored_due(after.summary.due_on)},
                       {"colour", after.summary.colour},
                       {"is_final", after.final},
                       open_slot(after),
                       {"facts", text_of(after.facts)},
                       {"head_hash", after.head_hash},
                       {"updated_at", after.updated_at},
                       {"id", before.id},
                       {"version_before", before.version}});
}

} // namespace

void SqlTransaction::insert(const CaseRow& row) {
    try {
        connection_.run("cases.insert", row_of(row));
    } catch (const Duplicate&) { throw AlreadyOpen(); }
    locked_versions_[row.id.text] = row.version;
}

// A row that this transaction has loaded is locked in the version that it had. Any other row has to be compared at
// once.
bool SqlTransaction::move(const CaseRow& before, const CaseRow& after) {
    const bool is_locked = locked_versions_[before.id.text] == before.version;
    if (is_locked && connection_.dialect() == Dialect::mysql) {
        connection_.add_later(move_rows, row_of(after), after.id.text);
    } else if (Params change = change_of(before, after); is_locked) {
        connection_.add_later(move_one, std::move(change), after.id.text);
    } else if (connection_.run(move_one.name, change) != 1) {
        return false;
    }
    locked_versions_[after.id.text] = after.version;
    return true;
}

void SqlTransaction::append(const Event& event) {
    connection_.add_later(append_row, row_params({{"case_id", event.case_id},
                                                  {"seq", event.seq},
                                                  {"at", event.at},
                                                  {"actor", event.actor},
                                                  {"on_behalf_of", event.on_behalf_of},
                                                  {"definition", event.definition},
                                                  {"definition_version", event.definition_version},
                                                  {"command", event.command},
                                                  {"from_state", event.from},
                                                  {"to_state", event.to},
                                                  {"payload", event.payload},
                                                  {"context", event.context},
                                                  {"changes", event.changes},
                                                  {"request_id", event.request_id},
                                                  {"previous_hash", event.previous_hash},
                                                  {"hash", event.hash}}));
}

void SqlTransaction::post(const CaseRow& row, const Event& event, const Notice& notice) {
    Json params = notice.params;
    params["case_title"] = row.summary.title;
    params["definition"] = row.definition;
    params["state"] = row.state;
    connection_.add_later(post_row, row_params({{"id", new_id(event.at)},
                                                {"case_id", row.id},
                                                {"place_path", row.place.path},
                                                {"place_name", row.place.name},
                                                {"topic", notice.topic},
                                                {"roles", text_of(notice.roles)},
                                                {"qualifier", notice.qualifier},
                                                {"people", text_of(notice.people)},
                                                {"params", text_of(params)},
                                                {"state", "waiting"},
                                                {"attempts", 0},
                                                {"next_at", event.at},
                                                {"lease", ""},
                                                {"last_error", ""},
                                                {"created_at", event.at}}));
}

Params reply_params(const PersonId& actor, std::string_view key, const CaseId& id, const StoredReply& reply) {
    return row_params({{"actor", actor},
                       {"command_key", key},
                       {"case_id", id},
                       {"body_hash", reply.body_hash},
                       {"outcome", text_of(reply.outcome)},
                       {"access_id", ""},
                       {"at", 0},
                       {"method", ""},
                       {"route", ""},
                       {"object", ""},
                       {"address", ""},
                       {"status", 0},
                       {"request_id", ""}});
}

// If the same command runs at the same moment elsewhere and commits first, COMMIT throws TryAgain. The command is run
// again and then finds the reply.
void SqlTransaction::keep_reply(const PersonId& actor, std::string_view key, const CaseId& id,
                                const StoredReply& reply) {
    connection_.add_later(reply_row, reply_params(actor, key, id, reply));
}

void SqlTransaction::keep_access(Params access) {
    const auto value_in = [](Params & row, std::string_view name) -> auto& {
        return std::find_if(row.begin(), row.end(), [&](const Param& one) { return one.name == name; })->value;
    };
    auto* reply = connection_.last_waiting(reply_row);
    if (!reply || value_in(*reply, "actor") != value_in(access, "person")) {
        connection_.add_later(access_row, std::move(access));
        return;
    }
    value_in(*reply, "access_id") = std::move(value_in(access, "id"));
    for (const auto* name : {"at", "method", "route", "object", "address", "status", "request_id"})
        value_in(*reply, name) = std::move(value_in(access, name));
}

void SqlTransaction::remove_draft(const CaseId& id) { connection_.run("service.remove_draft", {{"case_id", id}}); }

void SqlTransaction::keep_refusal(const Refused& refused) {
    ChainedRefusal link{new_id(refused.at),
                        refused.case_id.text,
                        refused.definition,
                        refused.place_path,
                        refused.command,
                        refused.state,
                        refused.at,
                        refused.actor.text,
                        refused.on_behalf_of.text,
                        refused.reasons.dump(),
                        refused.request_id,
                        0,
                        {}};
    chain(connection_, link);
    connection_.add_later(refusal_row, row_params({{"id", link.id},
                                                   {"case_id", link.case_id},
                                                   {"definition", link.definition},
                                                   {"place_path", link.place_path},
                                                   {"command", link.command},
                                                   {"state", link.state},
                                                   {"at", link.at},
                                                   {"actor", link.actor},
                                                   {"on_behalf_of", link.on_behalf_of},
                                                   {"reasons", link.reasons},
                                                   {"request_id", link.request_id},
                                                   {"chain_seq", link.seq},
                                                   {"hash", link.hash}}));
}

void SqlTransaction::box_put(const CaseId& id, std::string_view box, const PersonId& person, std::string_view choice) {
    const auto sealed = BallotSeal(secret_, id.text, box).seal(choice);
    connection_.run("cases.box_put", {{"case_id", id}, {"box", box}, {"person", person}, {"sealed", sealed}});
}

void SqlTransaction::box_remove(const CaseId& id, std::string_view box, const PersonId& person) {
    connection_.run("cases.box_remove", {{"case_id", id}, {"box", box}, {"person", person}});
}

void SqlTransaction::box_empty(const CaseId& id, std::string_view box) {
    connection_.run("cases.box_empty", {{"case_id", id}, {"box", box}});
}

CaseId SqlTransaction::new_case_id() { return {new_id(clock_.now())}; }

} // namespace cunmai::db
