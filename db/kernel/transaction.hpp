// The engine's transaction over one session (engine/ports.hpp). Lives as long as Database::write or read runs.
// Inside a write, a case that is loaded is locked until COMMIT.
#pragma once

#include "db/kernel/knowledge_cache.hpp"
#include "db/kernel/known_documents.hpp"
#include "db/kernel/prefetch.hpp"

#include <array>
#include <map>

namespace cunmai::db {

// A command's key, the reply that is kept under it, and who asked for it from where.
inline constexpr Later reply_row{"cases.keep_reply"};
Params reply_params(const engine::PersonId& actor, std::string_view key, const engine::CaseId& id,
                    const engine::StoredReply& reply); // without an access, which keep_access adds
inline constexpr Later access_row{"service.add_access", "service.add_access_end"};

class SqlTransaction final : public engine::Transaction {
  public:
    SqlTransaction(Connection& connection, const engine::Clock& clock, const std::string& secret, KnowledgeCache& cache,
                   const KnownDocuments& known_documents)
        : connection_(connection), clock_(clock), secret_(secret), cache_(cache), known_documents_(known_documents) {}

    // Keeps the access log's row for the command that this transaction carries out: in the row of the command's key
    // when one is being written, otherwise in a row of its own. REQUIRES: the columns of service.add_access.
    void keep_access(Params access);
    void remove_draft(const engine::CaseId& id);

    // Knowledge
    Json rule(std::string_view key) override;
    std::vector<engine::Holder> holders(std::string_view role, std::string_view place_path) override;
    std::vector<engine::Holder> roles_of(const engine::PersonId& person) override;
    bool declared_interest(const engine::PersonId& person, std::string_view place_code, engine::Instant since) override;
    std::vector<engine::LinkedCase> linked_cases(const std::set<engine::CaseId>& ids) override;
    std::optional<std::string> document(std::string_view sha256) override;
    std::set<std::string> documents_there(const std::set<std::string>& sha256s) override;
    Json box_tally(const engine::CaseId& id, std::string_view box,
                   const std::vector<engine::PersonId>& without) override;

    // Reads
    std::optional<engine::CaseRow> load(const engine::CaseId& id) override;
    std::optional<engine::Place> place(std::string_view code) override;
    std::vector<engine::Grant> grants(const engine::PersonId& person) override;
    std::vector<engine::Delegation> delegations_to(const engine::PersonId& delegate, engine::Instant at) override;
    std::vector<std::string> commands_since(const engine::CaseId& id, std::int64_t version, int limit) override;
    bool has_open_case(std::string_view definition, std::string_view place_code) override;
    std::vector<engine::CaseId> open_children(const engine::CaseId& parent) override;
    std::optional<engine::StoredReply> reply(const engine::PersonId& actor, std::string_view key) override;

    // Writes
    void insert(const engine::CaseRow& row) override;
    bool move(const engine::CaseRow& before, const engine::CaseRow& after) override;
    void append(const engine::Event& event) override;
    void set_tasks(const engine::CaseRow& row, const std::vector<engine::Task>& tasks) override;
    void add_timers(const engine::CaseRow& row, const std::vector<engine::Timer>& timers) override;
    void set_involved(const engine::CaseRow& row, const std::vector<engine::Involvement>& people) override;
    void post(const engine::CaseRow& row, const engine::Event& event, const engine::Notice& notice) override;
    void keep_reply(const engine::PersonId& actor, std::string_view key, const engine::CaseId& id,
                    const engine::StoredReply& reply) override;
    void keep_refusal(const engine::Refused& refused) override;
    void finish_timer(const engine::CaseId& id, std::string_view key, engine::Instant now) override;
    void box_put(const engine::CaseId& id, std::string_view box, const engine::PersonId& person,
                 std::string_view choice) override;
    void box_remove(const engine::CaseId& id, std::string_view box, const engine::PersonId& person) override;
    void box_empty(const engine::CaseId& id, std::string_view box) override;
    void link_documents(const engine::CaseId& id, const std::vector<std::string>& sha256s) override; // documents.cpp
    engine::CaseId new_case_id() override;

  private:
    struct Kept { // tasks and people of a case as they are stored
        enum Set { tasks_set, involved_set };
        engine::CaseId id;
        Follows follows;
        std::array<bool, 2> used{};
    };
    Follows& kept(const engine::CaseId& id, Kept::Set set);

    // From the cache, as long as the database's state has the same name (knowledge_cache.hpp).
    template <class T> T known(std::string key, const std::function<T()>& read) {
        const auto& name = connection_.knowledge_name();
        return name ? cache_.get<T>(*name, std::move(key), read) : read();
    }

    Connection& connection_;
    const engine::Clock& clock_;
    const std::string& secret_;
    KnowledgeCache& cache_;
    const KnownDocuments& known_documents_;
    std::optional<Kept> kept_;
    std::map<std::string, std::int64_t> locked_versions_; // versions of the cases that were loaded in this write
};

} // namespace cunmai::db
