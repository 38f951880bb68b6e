// What follows from a case: its tasks, timers and people. Tasks and people are compared with what is kept, and only the
// difference is written; tasks take one kind of statement: where some go and others come, a slot is written over, and
// one that is left over is kept empty for the next (it has no command, and no list shows it).
#include "db/kernel/case_columns.hpp"
#include "db/kernel/paths.hpp"
#include "db/kernel/transaction.hpp"

#include <algorithm>

namespace cunmai::db {

using namespace engine;

namespace {

constexpr Later task_slot{"tasks.put", "tasks.put_end"}, timer_slot{"timers.replace"},
    involved_insert{"involved.insert"};

void delete_rows(Connection& connection, std::string_view name, const CaseId& id,
                 const std::vector<std::string>& keys) {
    if (keys.empty()) return;
    SqlText text(connection.sql(name));
    text.param({"case_id", id}).list("key", keys);
    connection.run_later(text.text(), text.params(), id.text);
}

void delete_all(Connection& connection, std::string_view name, const CaseId& id) {
    connection.run_later(connection.sql(name), {{"case_id", id}}, id.text);
}

bool is_for_the_same(const Task& one, const Task& other) {
    return one.command == other.command && one.role == other.role && one.qualifier == other.qualifier &&
           one.person == other.person;
}

Params task_row(const CaseRow& row, std::int64_t n, const Task& task, const PersonId& claimed_by, Instant since) {
    const auto addressee = task.command.empty()  ? std::string()
                           : task.person.empty() ? "role/" + task.role
                                                 : "person/" + task.person.text;
    return row_params({{"case_id", row.id},
                       {"n", n},
                       {"addressee", addressee},
                       {"place_path", row.place.path},
                       {"command", task.command},
                       {"role", task.role},
                       {"qualifier", task.qualifier},
                       {"person", task.person},
                       {"due_on", stored_due(task.due_on)},
                       {"claimed_by", claimed_by},
                       {"since", since}});
}

Params timer_row(const CaseRow& row, const Timer& timer) {
    return row_params({{"case_id", row.id},
                       {"timer_key", timer.key},
                       {"due_at", timer.due_at},
                       {"command", timer.command},
                       {"leased_until", 0},
                       {"lease", ""}});
}

} // namespace

// Read at the first set of a case and good until the same set is written again.
Follows& SqlTransaction::kept(const CaseId& id, Kept::Set set) {
    if (!kept_ || kept_->id != id || kept_->used[set]) {
        kept_ = Kept{id, {}, {}};
        auto* prefetched = connection_.prefetched();
        if (auto node = prefetched ? prefetched->follows.extract(id.text) : FollowsOfCases::node_type{})
            kept_->follows = std::move(node.mapped());
        else
            kept_->follows = std::move(read_follows(connection_, {id.text}).at(id.text));
    }
    kept_->used[set] = true;
    return kept_->follows;
}

void SqlTransaction::set_tasks(const CaseRow& row, const std::vector<Task>& tasks) {
    auto slots = std::move(kept(row.id, Kept::tasks_set).tasks);
    if (tasks.empty()) {
        if (!slots.empty()) delete_all(connection_, "tasks.delete_all", row.id);
        return;
    }
    struct Fresh {
        const Task* task;
        PersonId claimed_by;
        Instant since;
    };
    std::vector<Fresh> fresh;
    std::vector<bool> wanted(slots.size());
    const auto find = [&](const auto& fits) {
        for (std::size_t i = 0; i < slots.size(); ++i)
            if (!wanted[i] && !slots[i].free && fits(slots[i])) return i;
        return slots.size();
    };
    for (const auto& task : tasks) {
        if (const auto same = find([&](const KeptTask& k) { return k.task == task; }); same < slots.size()) {
            wanted[same] = true;
            continue;
        }
        // Only the due date moved: who took it keeps it.
        const auto moved = find([&](const KeptTask& k) { return is_for_the_same(k.task, task); });
        if (moved < slots.size())
            fresh.push_back({&task, slots[moved].claimed_by, slots[moved].since});
        else
            fresh.push_back({&task, {}, row.updated_at});
    }
    std::vector<std::int64_t> usable;
    std::vector<std::string> gone;
    std::int64_t last = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        last = std::max(last, slots[i].n);
        if (wanted[i]) continue;
        usable.push_back(slots[i].n);
        if (!slots[i].free) gone.push_back(std::to_string(slots[i].n));
    }
    if (fresh.empty()) return delete_rows(connection_, "tasks.delete", row.id, gone);

    const auto put = [&](Params slot) { connection_.add_later(task_slot, std::move(slot), row.id.text); };
    auto slot = usable.begin();
    for (const auto& [task, claimed_by, since] : fresh)
        put(task_row(row, slot != usable.end() ? *slot++ : ++last, *task, claimed_by, since));
    for (; slot != usable.end(); ++slot)
        if (std::find(gone.begin(), gone.end(), std::to_string(*slot)) != gone.end())
            put(task_row(row, *slot, {}, {}, {}));
}

void SqlTransaction::add_timers(const CaseRow& row, const std::vector<Timer>& timers) {
    for (const auto& timer : timers) connection_.add_later(timer_slot, timer_row(row, timer), row.id.text);
}

void SqlTransaction::set_involved(const CaseRow& row, const std::vector<Involvement>& people) {
    const auto before = std::move(kept(row.id, Kept::involved_set).involved);
    const auto is_in = [](const auto& list, const Involvement& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    std::vector<std::string> gone; // a person with all their parts: the parts that stay are written again
    for (const auto& one : before)
        if (!is_in(people, one)) gone.push_back(one.person.text);
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    delete_rows(connection_, "involved.delete", row.id, gone);

    std::vector<Involvement> written;
    for (const auto& one : people) {
        const bool was_deleted = std::binary_search(gone.begin(), gone.end(), one.person.text);
        if ((is_in(before, one) && !was_deleted) || is_in(written, one)) continue;
        written.push_back(one);
        connection_.add_later(involved_insert, {{"case_id", row.id}, {"person", one.person}, {"involved_as", one.as}},
                              row.id.text);
    }
}

// Nothing of the case is read from what this changes: it may wait while the case is loaded.
void SqlTransaction::finish_timer(const CaseId& id, std::string_view key, Instant now) {
    connection_.settle(id.text);
    connection_.run_later(connection_.sql("timers.finish"), {{"case_id", id}, {"timer_key", key}, {"now", now}}, {});
}

} // namespace cunmai::db
