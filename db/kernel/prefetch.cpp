#include "db/kernel/prefetch.hpp"

#include "db/kernel/case_columns.hpp"
#include "db/kernel/paths.hpp"

namespace cunmai::db {

namespace {

void lock_cases(Connection& connection, const std::vector<std::string>& ids, Prefetched& prefetched) {
    SqlText text(connection.sql("cases.load_all"));
    text.list("id", ids).add(connection.sql("cases.load_all_end"));
    CaseReader reader;
    connection.each_text(text.text(), text.params(), reader.outs(), [&] {
        auto row = reader.row();
        auto id = row.id.text;
        prefetched.cases.emplace(std::move(id), std::move(row));
    });
}

void look_up_keys(Connection& connection, Prefetched& prefetched) {
    SqlText text(connection.sql("cases.replies"));
    int number = 0;
    for (const auto& [actor, key] : prefetched.unused_keys) { // not (…) IN (…): MariaDB would read the whole table
        const auto n = std::to_string(number++);
        if (n != "0") text.add("OR");
        text.add("(actor = :actor" + n, {"actor" + n, actor}).add("AND command_key = :key" + n + ")", {"key" + n, key});
    }
    std::string actor, key;
    std::vector<std::pair<std::string, std::string>> used;
    connection.each_text(text.text(), text.params(), {actor, key}, [&] { used.emplace_back(actor, key); });
    for (const auto& one : used) prefetched.unused_keys.erase(one);
}

} // namespace

void prefetch(Connection& connection, const std::vector<const engine::Expected*>& works) {
    auto prefetched = std::make_shared<Prefetched>();
    std::set<std::string> ids;
    for (const auto* work : works) {
        if (!work->case_id.empty()) ids.insert(work->case_id.text);
        if (!work->key.empty()) prefetched->unused_keys.emplace(work->actor.text, work->key);
    }
    if (!prefetched->unused_keys.empty()) look_up_keys(connection, *prefetched);
    if (!ids.empty()) {
        lock_cases(connection, {ids.begin(), ids.end()}, *prefetched);
        prefetched->follows = read_follows(connection, {ids.begin(), ids.end()});
    }
    connection.keep_prefetched(std::move(prefetched));
}

FollowsOfCases read_follows(Connection& connection, const std::vector<std::string>& case_ids) {
    FollowsOfCases all;
    for (const auto& id : case_ids) all[id];
    SqlText text;
    for (const auto* part : {"cases.follows_tasks", "cases.follows_involved"}) {
        if (!text.text().empty()) text.add("UNION ALL");
        text.add(connection.sql(part)).list("case_id", case_ids);
    }
    std::string case_id, kind, command, what, qualifier, person, due_on, claimed_by;
    std::int64_t n = 0, since = 0;
    connection.each_fresh(text.text(), text.params(),
                          {case_id, kind, n, command, what, qualifier, person, due_on, claimed_by, since}, [&] {
                              auto& follows = all[case_id];
                              if (kind == "task")
                                  follows.tasks.push_back({n,
                                                           {command, what, qualifier, {person}, read_due(due_on)},
                                                           {claimed_by},
                                                           {since},
                                                           command.empty()});
                              else
                                  follows.involved.push_back({{person}, what});
                          });
    return all;
}

} // namespace cunmai::db
