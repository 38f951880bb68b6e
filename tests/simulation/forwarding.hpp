// A transaction that forwards everything. Tests override what they want to change.
#pragma once

#include "engine/ports.hpp"

namespace cunmai::simulation {

class ForwardingTransaction : public engine::Transaction {
  public:
    explicit ForwardingTransaction(engine::Transaction& inner) : inner_(inner) {}

    Json rule(std::string_view key) override { return inner_.rule(key); }
    std::vector<engine::Holder> holders(std::string_view role, std::string_view place_path) override {
        return inner_.holders(role, place_path);
    }
    std::vector<engine::Holder> roles_of(const engine::PersonId& person) override { return inner_.roles_of(person); }
    bool declared_interest(const engine::PersonId& person, std::string_view place_code,
                           engine::Instant since) override {
        return inner_.declared_interest(person, place_code, since);
    }
    std::vector<engine::LinkedCase> linked_cases(const std::set<engine::CaseId>& ids) override {
        return inner_.linked_cases(ids);
    }
    std::optional<std::string> document(std::string_view sha256) override { return inner_.document(sha256); }
    std::set<std::string> documents_there(const std::set<std::string>& sha256s) override {
        return inner_.documents_there(sha256s);
    }
    Json box_tally(const engine::CaseId& id, std::string_view box,
                   const std::vector<engine::PersonId>& without) override {
        return inner_.box_tally(id, box, without);
    }

    std::optional<engine::CaseRow> load(const engine::CaseId& id) override { return inner_.load(id); }
    std::optional<engine::Place> place(std::string_view code) override { return inner_.place(code); }
    std::vector<engine::Grant> grants(const engine::PersonId& person) override { return inner_.grants(person); }
    std::vector<engine::Delegation> delegations_to(const engine::PersonId& delegate, engine::Instant at) override {
        return inner_.delegations_to(delegate, at);
    }
    std::vector<std::string> commands_since(const engine::CaseId& id, std::int64_t version, int limit) override {
        return inner_.commands_since(id, version, limit);
    }
    bool has_open_case(std::string_view definition, std::string_view place_code) override {
        return inner_.has_open_case(definition, place_code);
    }
    std::vector<engine::CaseId> open_children(const engine::CaseId& parent) override {
        return inner_.open_children(parent);
    }
    std::optional<engine::StoredReply> reply(const engine::PersonId& actor, std::string_view key) override {
        return inner_.reply(actor, key);
    }

    void insert(const engine::CaseRow& row) override { inner_.insert(row); }
    bool move(const engine::CaseRow& before, const engine::CaseRow& after) override {
        return inner_.move(before, after);
    }
    void append(const engine::Event& event) override { inner_.append(event); }
    void set_tasks(const engine::CaseRow& row, const std::vector<engine::Task>& tasks) override {
        inner_.set_tasks(row, tasks);
    }
    void add_timers(const engine::CaseRow& row, const std::vector<engine::Timer>& timers) override {
        inner_.add_timers(row, timers);
    }
    void finish_timer(const engine::CaseId& id, std::string_view key, engine::Instant now) override {
        inner_.finish_timer(id, key, now);
    }
    void link_documents(const engine::CaseId& id, const std::vector<std::string>& sha256s) override {
        inner_.link_documents(id, sha256s);
    }
    void set_involved(const engine::CaseRow& row, const std::vector<engine::Involvement>& people) override {
        inner_.set_involved(row, people);
    }
    void post(const engine::CaseRow& row, const engine::Event& event, const engine::Notice& notice) override {
        inner_.post(row, event, notice);
    }
    void keep_reply(const engine::PersonId& actor, std::string_view key, const engine::CaseId& id,
                    const engine::StoredReply& reply) override {
        inner_.keep_reply(actor, key, id, reply);
    }
    void keep_refusal(const engine::Refused& refused) override { inner_.keep_refusal(refused); }
    void box_put(const engine::CaseId& id, std::string_view box, const engine::PersonId& person,
                 std::string_view choice) override {
        inner_.box_put(id, box, person, choice);
    }
    void box_remove(const engine::CaseId& id, std::string_view box, const engine::PersonId& person) override {
        inner_.box_remove(id, box, person);
    }
    void box_empty(const engine::CaseId& id, std::string_view box) override { inner_.box_empty(id, box); }
    engine::CaseId new_case_id() override { return inner_.new_case_id(); }

  protected:
    engine::Transaction& inner_;
};

} // namespace cunmai::simulation
