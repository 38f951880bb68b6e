#include "tests/simulation/tables_transaction.hpp"

#include "db/kernel/sql_errors.hpp"

#include <algorithm>

namespace cunmai::simulation {

using namespace engine;

Json TablesTransaction::rule(std::string_view key) {
    const auto found = world().rules.find(std::string(key));
    return found == world().rules.end() ? Json() : found->second;
}

std::vector<Holder> TablesTransaction::holders(std::string_view role, std::string_view place_path) {
    std::vector<Holder> list;
    for (const auto& grant : world().grants)
        if (grant.role == role && covers(grant.place_path, place_path))
            list.push_back({grant.person, grant.role, grant.qualifier, grant.place_path});
    return list;
}

std::vector<Holder> TablesTransaction::roles_of(const PersonId& person) {
    std::vector<Holder> list;
    for (const auto& grant : world().grants)
        if (grant.person == person) list.push_back({grant.person, grant.role, grant.qualifier, grant.place_path});
    return list;
}

bool TablesTransaction::declared_interest(const PersonId& person, std::string_view place_code, Instant) {
    return world().interests.contains({person, std::string(place_code)});
}

std::vector<LinkedCase> TablesTransaction::linked_cases(const std::set<CaseId>& ids) {
    std::vector<LinkedCase> cases;
    for (const auto& id : ids)
        if (const auto row = load(id))
            cases.push_back({row->id, row->definition, row->state, row->place.path, row->facts});
    return cases;
}

std::optional<std::string> TablesTransaction::document(std::string_view sha256) {
    const auto found = world().documents.find(std::string(sha256));
    if (found == world().documents.end()) return {};
    return found->second;
}

std::set<std::string> TablesTransaction::documents_there(const std::set<std::string>& sha256s) {
    std::set<std::string> there;
    for (const auto& sha256 : sha256s)
        if (world().documents.contains(sha256)) there.insert(sha256);
    return there;
}

Json TablesTransaction::box_tally(const CaseId& id, std::string_view box, const std::vector<PersonId>& without) {
    auto tally = Json::object();
    for (const auto& [key, choice] : t_.boxes)
        if (std::get<0>(key) == id && std::get<1>(key) == box &&
            std::find(without.begin(), without.end(), std::get<2>(key)) == without.end())
            tally[choice] = tally.value(choice, 0) + 1;
    return tally;
}

std::optional<CaseRow> TablesTransaction::load(const CaseId& id) {
    const auto found = t_.rows.find(id);
    if (found == t_.rows.end()) return {};
    return found->second;
}

std::optional<Place> TablesTransaction::place(std::string_view code) {
    const auto found = world().places.find(std::string(code));
    if (found == world().places.end()) return {};
    return found->second;
}

std::vector<Grant> TablesTransaction::grants(const PersonId& person) {
    std::vector<Grant> list;
    for (const auto& grant : world().grants)
        if (grant.person == person) list.push_back(grant);
    return list;
}

std::vector<Delegation> TablesTransaction::delegations_to(const PersonId& delegate, Instant at) {
    std::vector<Delegation> list;
    for (const auto& one : world().delegations)
        if (one.delegate == delegate && one.from <= at && at < one.until) list.push_back(one);
    return list;
}

std::vector<std::string> TablesTransaction::commands_since(const CaseId& id, std::int64_t version, int limit) {
    std::vector<std::string> commands;
    for (auto it = t_.events.lower_bound({id, version + 1});
         it != t_.events.end() && it->first.first == id && static_cast<int>(commands.size()) < limit; ++it)
        commands.push_back(it->second.command);
    return commands;
}

bool TablesTransaction::has_open_case(std::string_view definition, std::string_view place_code) {
    return t_.open_slots.contains({std::string(definition), std::string(place_code)});
}

std::vector<CaseId> TablesTransaction::open_children(const CaseId& parent) {
    std::vector<CaseId> list;
    for (const auto& [id, row] : t_.rows)
        if (row.parent == parent && !row.final) list.push_back(id);
    return list;
}

std::optional<StoredReply> TablesTransaction::reply(const PersonId& actor, std::string_view key) {
    const auto found = t_.replies.find({actor, std::string(key)});
    if (found == t_.replies.end()) return {};
    return found->second.reply;
}

void TablesTransaction::take_slot(const CaseRow& row) {
    if (!row.one_open_per_place) return;
    const std::pair slot{row.definition, row.place.code};
    if (row.final)
        j_.erase(t_.open_slots, slot);
    else
        j_.put(t_.open_slots, slot, row.id);
}

void TablesTransaction::insert(const CaseRow& row) {
    if (row.one_open_per_place && !row.final && has_open_case(row.definition, row.place.code)) throw AlreadyOpen();
    if (t_.rows.contains(row.id)) throw std::logic_error("two cases with one id");
    j_.put(t_.rows, row.id, row);
    take_slot(row);
}

bool TablesTransaction::move(const CaseRow& before, const CaseRow& after) {
    const auto found = t_.rows.find(before.id);
    if (found == t_.rows.end() || found->second.version != before.version) return false;
    j_.put(t_.rows, before.id, after);
    take_slot(after);
    return true;
}

void TablesTransaction::append(const Event& event) {
    if (t_.events.contains({event.case_id, event.seq})) throw std::logic_error("two events with one number");
    j_.put(t_.events, {event.case_id, event.seq}, event);
}

void TablesTransaction::set_tasks(const CaseRow& row, const std::vector<Task>& tasks) {
    j_.put(t_.tasks, row.id, tasks);
}

void TablesTransaction::add_timers(const CaseRow& row, const std::vector<Timer>& timers) {
    for (const auto& timer : timers) j_.put(t_.timers, {row.id, timer.key}, {timer, {}});
}

void TablesTransaction::finish_timer(const CaseId& id, std::string_view key, Instant now) {
    const auto found = t_.timers.find({id, std::string(key)});
    if (found != t_.timers.end() && found->second.timer.due_at <= now) j_.erase(t_.timers, {id, std::string(key)});
}

void TablesTransaction::post(const CaseRow& row, const Event&, const Notice& notice) {
    const auto number = std::to_string(1'000'000 + t_.next_id++);
    j_.put(t_.notices, "n" + number.substr(1), {row.id, row.place.path, notice, false, {}});
}

void TablesTransaction::keep_reply(const PersonId& actor, std::string_view key, const CaseId& id,
                                   const StoredReply& reply) {
    const Tables::ReplyKey where{actor, std::string(key)};
    if (t_.replies.contains(where)) throw db::TryAgain("the idempotency key is in use");
    j_.put(t_.replies, where, {id, reply});
}

void TablesTransaction::keep_refusal(const Refused& refused) {
    j_.put(t_.refusals, refused.command, t_.refusals[refused.command] + 1);
}

void TablesTransaction::box_put(const CaseId& id, std::string_view box, const PersonId& person,
                                std::string_view choice) {
    j_.put(t_.boxes, {id, std::string(box), person}, std::string(choice));
}

void TablesTransaction::box_remove(const CaseId& id, std::string_view box, const PersonId& person) {
    j_.erase(t_.boxes, {id, std::string(box), person});
}

void TablesTransaction::box_empty(const CaseId& id, std::string_view box) {
    std::vector<std::tuple<CaseId, std::string, PersonId>> gone;
    for (const auto& [key, choice] : t_.boxes)
        if (std::get<0>(key) == id && std::get<1>(key) == box) gone.push_back(key);
    for (const auto& key : gone) j_.erase(t_.boxes, key);
}

CaseId TablesTransaction::new_case_id() {
    const auto number = std::to_string(1'000'000 + t_.next_id++);
    return {"case" + number.substr(1)};
}

} // namespace cunmai::simulation
