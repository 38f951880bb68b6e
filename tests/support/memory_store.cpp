#include "tests/support/memory_store.hpp"

#include "engine/authority.hpp"

#include <algorithm>

namespace cunmai::test {

using namespace engine;

namespace {

class MemoryTransaction final : public Transaction {
  public:
    MemoryTransaction(Memory& memory, bool* lose_next_move) : m_(memory), lose_(lose_next_move) {}

    Json rule(std::string_view key) override {
        const auto found = m_.rules.find(std::string(key));
        return found == m_.rules.end() ? Json() : found->second;
    }
    std::vector<Holder> holders(std::string_view role, std::string_view place_path) override {
        std::vector<Holder> list;
        for (const auto& grant : m_.grants)
            if (grant.role == role && covers(grant.place_path, place_path))
                list.push_back({grant.person, grant.role, grant.qualifier, grant.place_path});
        return list;
    }
    std::vector<Holder> roles_of(const PersonId& person) override {
        std::vector<Holder> list;
        for (const auto& grant : m_.grants)
            if (grant.person == person) list.push_back({grant.person, grant.role, grant.qualifier, grant.place_path});
        return list;
    }
    bool declared_interest(const PersonId& person, std::string_view place_code, Instant since) override {
        const std::pair interest{person, std::string(place_code)};
        const auto ended = m_.ended_interests.find(interest);
        return m_.interests.contains(interest) || (ended != m_.ended_interests.end() && ended->second > since);
    }
    std::vector<LinkedCase> linked_cases(const std::set<CaseId>& ids) override {
        std::vector<LinkedCase> cases;
        for (const auto& id : ids)
            if (const auto row = load(id))
                cases.push_back({row->id, row->definition, row->state, row->place.path, row->facts});
        return cases;
    }
    std::optional<std::string> document(std::string_view sha256) override {
        const auto found = m_.documents.find(std::string(sha256));
        if (found == m_.documents.end()) return {};
        return found->second;
    }
    std::set<std::string> documents_there(const std::set<std::string>& sha256s) override {
        std::set<std::string> there;
        for (const auto& sha256 : sha256s)
            if (m_.documents.contains(sha256)) there.insert(sha256);
        return there;
    }
    Json box_tally(const CaseId& id, std::string_view box, const std::vector<PersonId>& without) override {
        auto tally = Json::object();
        for (const auto& [key, choice] : m_.boxes)
            if (std::get<0>(key) == id && std::get<1>(key) == box &&
                std::find(without.begin(), without.end(), std::get<2>(key)) == without.end())
                tally[choice] = tally.value(choice, 0) + 1;
        return tally;
    }
    std::optional<CaseRow> load(const CaseId& id) override {
        const auto found = m_.rows.find(id);
        if (found == m_.rows.end()) return {};
        return found->second;
    }
    std::optional<Place> place(std::string_view code) override {
        const auto found = m_.places.find(std::string(code));
        if (found == m_.places.end()) return {};
        return found->second;
    }
    std::vector<Grant> grants(const PersonId& person) override {
        std::vector<Grant> list;
        for (const auto& grant : m_.grants)
            if (grant.person == person) list.push_back(grant);
        return list;
    }
    std::vector<Delegation> delegations_to(const PersonId& delegate, Instant at) override {
        std::vector<Delegation> list;
        for (const auto& one : m_.delegations)
            if (one.delegate == delegate && one.from <= at && at < one.until) list.push_back(one);
        return list;
    }
    std::vector<std::string> commands_since(const CaseId& id, std::int64_t version, int limit) override {
        std::vector<std::string> commands;
        for (const auto& event : m_.events[id])
            if (event.seq > version && static_cast<int>(commands.size()) < limit) commands.push_back(event.command);
        return commands;
    }
    bool has_open_case(std::string_view definition, std::string_view place_code) override {
        for (const auto& [id, row] : m_.rows)
            if (row.definition == definition && row.place.code == place_code && !row.final) return true;
        return false;
    }
    std::vector<CaseId> open_children(const CaseId& parent) override {
        std::vector<CaseId> list;
        for (const auto& [id, row] : m_.rows)
            if (row.parent == parent && !row.final) list.push_back(id);
        return list;
    }
    std::optional<StoredReply> reply(const PersonId& actor, std::string_view key) override {
        const auto found = m_.replies.find({actor, std::string(key)});
        if (found == m_.replies.end()) return {};
        return found->second;
    }

    void insert(const CaseRow& row) override {
        if (row.one_open_per_place && !row.final && has_open_case(row.definition, row.place.code)) throw AlreadyOpen();
        m_.rows[row.id] = row;
    }
    bool move(const CaseRow& before, const CaseRow& after) override {
        if (*lose_) {
            *lose_ = false;
            return false;
        }
        auto& row = m_.rows.at(before.id);
        if (row.version != before.version) return false;
        row = after;
        return true;
    }
    void append(const Event& event) override { m_.events[event.case_id].push_back(event); }
    void set_tasks(const CaseRow& row, const std::vector<Task>& tasks) override { m_.tasks[row.id] = tasks; }
    void add_timers(const CaseRow& row, const std::vector<Timer>& timers) override {
        auto& kept = m_.timers[row.id];
        for (const auto& timer : timers) {
            std::erase_if(kept, [&](const Timer& one) { return one.key == timer.key; });
            kept.push_back(timer);
        }
    }
    void finish_timer(const CaseId& id, std::string_view key, Instant now) override {
        std::erase_if(m_.timers[id], [&](const Timer& timer) { return timer.key == key && timer.due_at <= now; });
    }
    void set_involved(const CaseRow&, const std::vector<Involvement>&) override {}
    void post(const CaseRow& row, const Event& event, const Notice& notice) override {
        m_.notices.push_back(notice);
        m_.posted.push_back({std::make_shared<CaseRow>(row), event.command, event.from, event.actor, notice});
    }
    void keep_reply(const PersonId& actor, std::string_view key, const CaseId&, const StoredReply& reply) override {
        m_.replies[{actor, std::string(key)}] = reply;
    }
    void keep_refusal(const Refused& refused) override { m_.refused.push_back(refused); }
    void box_put(const CaseId& id, std::string_view box, const PersonId& person, std::string_view choice) override {
        m_.boxes[{id, std::string(box), person}] = choice;
    }
    void box_remove(const CaseId& id, std::string_view box, const PersonId& person) override {
        m_.boxes.erase({id, std::string(box), person});
    }
    void box_empty(const CaseId& id, std::string_view box) override {
        std::erase_if(m_.boxes, [&](const auto& entry) {
            return std::get<0>(entry.first) == id && std::get<1>(entry.first) == box;
        });
    }
    CaseId new_case_id() override { return {"case" + std::to_string(m_.next_id++)}; }

  private:
    Memory& m_;
    bool* lose_;
};

} // namespace

void MemoryStore::write(const std::function<void(Transaction&)>& work) {
    const std::lock_guard lock(mutex_);
    auto copy = memory;
    MemoryTransaction tx(copy, &lose_next_move);
    work(tx);
    if (before_commit) before_commit();
    memory = std::move(copy);
    if (after_commit) after_commit();
}

void MemoryStore::read(const std::function<void(Transaction&)>& work) {
    const std::lock_guard lock(mutex_);
    const auto next_id = memory.next_id; // the only thing that a question changes
    bool never = false;
    MemoryTransaction tx(memory, &never);
    work(tx);
    memory.next_id = next_id;
}

} // namespace cunmai::test
