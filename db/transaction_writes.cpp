// What an accepted command writes: row, event, what follows from them. Sets are compared with what is kept, and only
// the difference is written: one DELETE and one INSERT at most for each.
#include "db/ballot_seal.hpp"
#include "db/case_columns.hpp"
#include "db/new_id.hpp"
#include "db/paths.hpp"
#include "db/transaction.hpp"

#include <algorithm>

namespace cunmai::db {

using namespace engine;

namespace {

Param open_slot(const CaseRow& row) {
    if (!row.one_open_per_place || row.final) return {"open_slot", std::nullopt};
    return {"open_slot", row.definition + ':' + row.place.code};
}

// (:a0, :b0), (:a1, :b1) … for one INSERT of several rows.
class ManyRows {
  public:
    explicit ManyRows(const std::string& insert) : text_(insert) {}

    void add(Params row) {
        std::string values = rows_++ ? ", (" : "(";
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i].name += std::to_string(rows_);
            values += (i ? ", :" : ":") + row[i].name;
            text_.param(row[i]);
        }
        text_.add(values + ")");
    }
    void write(Connection& connection) const {
        if (rows_ > 0) connection.run_text(text_.text(), text_.params());
    }

  private:
    SqlText text_;
    int rows_ = 0;
};

void delete_rows(Connection& connection, std::string_view name, const CaseId& id,
                 const std::vector<std::string>& keys) {
    if (keys.empty()) return;
    SqlText text(connection.sql(name));
    text.param({"case_id", id}).list("key", keys);
    connection.run_text(text.text(), text.params());
}

struct KeptTask {
    int n = 0;
    Task task;
    PersonId claimed_by;
    Instant since;
    bool wanted = false;

    bool is_for_the_same(const Task& other) const {
        return task.command == other.command && task.role == other.role && task.qualifier == other.qualifier &&
               task.person == other.person;
    }
};

} // namespace

void SqlTransaction::insert(const CaseRow& row) {
    try {
        connection_.run("cases.insert", {{"id", row.id},
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
                                         {"facts", row.facts.dump()},
                                         {"head_hash", row.head_hash},
                                         {"opened_at", row.opened_at},
                                         {"updated_at", row.updated_at}});
    } catch (const Duplicate&) { throw AlreadyOpen(); }
}

bool SqlTransaction::move(const CaseRow& before, const CaseRow& after) {
    return connection_.run("cases.move", {{"definition_version", after.definition_version},
                                          {"state", after.state},
                                          {"version", after.version},
                                          {"title", after.summary.title},
                                          {"category", after.summary.category},
                                          {"due_on", stored_due(after.summary.due_on)},
                                          {"colour", after.summary.colour},
                                          {"is_final", after.final},
                                          open_slot(after),
                                          {"facts", after.facts.dump()},
                                          {"head_hash", after.head_hash},
                                          {"updated_at", after.updated_at},
                                          {"id", before.id},
                                          {"version_before", before.version}}) == 1;
}

void SqlTransaction::append(const Event& event) {
    connection_.run("cases.append", {{"case_id", event.case_id},
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
                                     {"hash", event.hash}});
}

void SqlTransaction::set_tasks(const CaseRow& row, const std::vector<Task>& tasks) {
    auto kept = connection_.all<KeptTask>("tasks.of_case", {{"case_id", row.id}}, [](KeptTask& k) {
        return Outs{k.n,           k.task.command, k.task.role,  k.task.qualifier,
                    k.task.person, k.task.due_on,  k.claimed_by, k.since};
    });
    for (auto& item : kept) item.task.due_on = read_due(item.task.due_on);

    struct Fresh {
        const Task* task;
        PersonId claimed_by;
        Instant since;
    };
    std::vector<Fresh> fresh;
    for (const auto& task : tasks) {
        auto same = std::find_if(kept.begin(), kept.end(), [&](const auto& k) { return !k.wanted && k.task == task; });
        if (same != kept.end()) {
            same->wanted = true;
            continue;
        }
        // Only the due date moved: who took it keeps it.
        same =
            std::find_if(kept.begin(), kept.end(), [&](const auto& k) { return !k.wanted && k.is_for_the_same(task); });
        if (same != kept.end())
            fresh.push_back({&task, same->claimed_by, same->since});
        else
            fresh.push_back({&task, {}, row.updated_at});
    }
    std::vector<std::string> gone;
    int n = 0;
    for (const auto& item : kept) {
        n = std::max(n, item.n);
        if (!item.wanted) gone.push_back(std::to_string(item.n));
    }
    delete_rows(connection_, "tasks.delete", row.id, gone);

    ManyRows rows(connection_.sql("tasks.insert"));
    for (const auto& [task, claimed_by, since] : fresh)
        rows.add({{"case_id", row.id},
                  {"n", ++n},
                  {"addressee", task->person.empty() ? "role/" + task->role : "person/" + task->person.text},
                  {"place_path", row.place.path},
                  {"command", task->command},
                  {"role", task->role},
                  {"qualifier", task->qualifier},
                  {"person", task->person},
                  {"due_on", stored_due(task->due_on)},
                  {"claimed_by", claimed_by},
                  {"since", since}});
    rows.write(connection_);
}

void SqlTransaction::set_timers(const CaseRow& row, const std::vector<Timer>& timers) {
    const auto kept = connection_.all<Timer>("cases.timers", {{"case_id", row.id}}, [](Timer& timer) {
        return Outs{timer.key, timer.due_at, timer.command};
    });
    std::vector<std::string> gone;
    for (const auto& timer : kept)
        if (std::find(timers.begin(), timers.end(), timer) == timers.end()) gone.push_back(timer.key);
    delete_rows(connection_, "timers.delete", row.id, gone);

    ManyRows rows(connection_.sql("timers.insert"));
    for (const auto& timer : timers)
        if (std::find(kept.begin(), kept.end(), timer) == kept.end())
            rows.add({{"case_id", row.id},
                      {"timer_key", timer.key},
                      {"due_at", timer.due_at},
                      {"command", timer.command},
                      {"leased_until", 0},
                      {"lease", ""}});
    rows.write(connection_);
}

void SqlTransaction::set_involved(const CaseRow& row, const std::vector<Involvement>& people) {
    const auto kept = connection_.all<Involvement>("cases.involved", {{"case_id", row.id}}, [](Involvement& one) {
        return Outs{one.person, one.as};
    });
    const auto is_in = [](const auto& list, const Involvement& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    std::vector<std::string> gone; // a person with all their parts: the parts that stay are written again
    for (const auto& one : kept)
        if (!is_in(people, one)) gone.push_back(one.person.text);
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    delete_rows(connection_, "involved.delete", row.id, gone);

    ManyRows rows(connection_.sql("involved.insert"));
    std::vector<Involvement> written;
    for (const auto& one : people) {
        const bool was_deleted = std::binary_search(gone.begin(), gone.end(), one.person.text);
        if ((is_in(kept, one) && !was_deleted) || is_in(written, one)) continue;
        written.push_back(one);
        rows.add({{"case_id", row.id}, {"person", one.person}, {"involved_as", one.as}});
    }
    rows.write(connection_);
}

void SqlTransaction::post(const CaseRow& row, const Event& event, const Notice& notice) {
    Json params = notice.params;
    params["case_title"] = row.summary.title;
    params["definition"] = row.definition;
    params["state"] = row.state;
    connection_.run("cases.post", {{"id", new_id(event.at)},
                                   {"case_id", row.id},
                                   {"place_path", row.place.path},
                                   {"place_name", row.place.name},
                                   {"topic", notice.topic},
                                   {"roles", Json(notice.roles).dump()},
                                   {"qualifier", notice.qualifier},
                                   {"people", Json(notice.people).dump()},
                                   {"params", params.dump()},
                                   {"next_at", event.at},
                                   {"created_at", event.at}});
}

void SqlTransaction::keep_reply(const PersonId& actor, std::string_view key, const CaseId& id,
                                const StoredReply& reply) {
    try {
        connection_.run("cases.keep_reply", {{"actor", actor},
                                             {"command_key", key},
                                             {"case_id", id},
                                             {"body_hash", reply.body_hash},
                                             {"outcome", reply.outcome.dump()}});
    } catch (const Duplicate&) {
        // The same command ran at the same moment and was first: once more, and its reply is found.
        throw TryAgain("the idempotency key is in use");
    }
}

void SqlTransaction::keep_refusal(const Refused& refused) {
    connection_.run("cases.keep_refusal", {{"id", new_id(refused.at)},
                                           {"case_id", refused.case_id},
                                           {"definition", refused.definition},
                                           {"place_path", refused.place_path},
                                           {"command", refused.command},
                                           {"state", refused.state},
                                           {"at", refused.at},
                                           {"actor", refused.actor},
                                           {"on_behalf_of", refused.on_behalf_of},
                                           {"reasons", refused.reasons.dump()},
                                           {"request_id", refused.request_id}});
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
