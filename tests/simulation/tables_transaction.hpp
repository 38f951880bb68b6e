// The engine's transaction over the tables in memory. Lives inside MemoryBackend::transaction or read.
#pragma once

#include "tests/simulation/tables.hpp"

namespace cunmai::simulation {

class TablesTransaction final : public engine::Transaction {
  public:
    TablesTransaction(Tables& tables, Journal& journal) : t_(tables), j_(journal) {}

    Json rule(std::string_view key) override;
    std::vector<engine::Holder> holders(std::string_view role, std::string_view place_path) override;
    std::vector<engine::Holder> roles_of(const PersonId& person) override;
    bool declared_interest(const PersonId& person, std::string_view place_code, Instant since) override;
    std::vector<engine::LinkedCase> linked_cases(const std::set<CaseId>& ids) override;
    std::optional<std::string> document(std::string_view sha256) override;
    std::set<std::string> documents_there(const std::set<std::string>& sha256s) override;
    Json box_tally(const CaseId& id, std::string_view box, const std::vector<PersonId>& without) override;

    std::optional<engine::CaseRow> load(const CaseId& id) override;
    std::optional<engine::Place> place(std::string_view code) override;
    std::vector<engine::Grant> grants(const PersonId& person) override;
    std::vector<engine::Delegation> delegations_to(const PersonId& delegate, Instant at) override;
    std::vector<std::string> commands_since(const engine::CaseId& id, std::int64_t version, int limit) override;
    bool has_open_case(std::string_view definition, std::string_view place_code) override;
    std::vector<CaseId> open_children(const CaseId& parent) override;
    std::optional<engine::StoredReply> reply(const PersonId& actor, std::string_view key) override;

    void insert(const engine::CaseRow& row) override;
    bool move(const engine::CaseRow& before, const engine::CaseRow& after) override;
    void append(const engine::Event& event) override;
    void set_tasks(const engine::CaseRow& row, const std::vector<engine::Task>& tasks) override;
    void add_timers(const engine::CaseRow& row, const std::vector<engine::Timer>& timers) override;
    void finish_timer(const CaseId& id, std::string_view key, Instant now) override;
    void set_involved(const engine::CaseRow&, const std::vector<engine::Involvement>&) override {}
    void post(const engine::CaseRow& row, const engine::Event& event, const engine::Notice& notice) override;
    void keep_reply(const PersonId& actor, std::string_view key, const CaseId& id,
                    const engine::StoredReply& reply) override;
    void keep_refusal(const engine::Refused& refused) override;
    void box_put(const CaseId& id, std::string_view box, const PersonId& person, std::string_view choice) override;
    void box_remove(const CaseId& id, std::string_view box, const PersonId& person) override;
    void box_empty(const CaseId& id, std::string_view box) override;
    CaseId new_case_id() override;

  private:
    void take_slot(const engine::CaseRow& row);

    Tables& t_;
    Journal& j_;
};

} // namespace cunmai::simulation
