// The ground of the fault tests: the simulated district in a real database, SQLite or MariaDB. It can be opened with a
// probe, closed, opened again, and compared with what clients know.
#pragma once

#include "tests/simulation/oracles.hpp"
#include "tests/simulation/sql_backend.hpp"
#include "tests/support/cycles.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace cunmai::faults {

using engine::CaseId;
using engine::CommandRequest;
using engine::Instant;
using engine::Outcome;
using engine::PersonId;
using simulation::ClientLog;
using test::cycles;
using test::dice_seed;

class Clock final : public engine::Clock {
  public:
    Instant now() const override { return {micros_}; }
    void set(Instant now) { micros_ = now.micros; }
    void forward(std::int64_t seconds) { micros_ += seconds * 1'000'000; }

  private:
    std::atomic<std::int64_t> micros_ = simulation::first_day.micros;
};

using Probe = std::function<void(std::string_view)>;

// Officers who work through the life of cases, each in a village of their own, until they are told to stop or are done.
// `say` hears of each request before it is sent and after it was answered: {"sent": request}, {"accepted": key, …},
// {"denied": key}, {"unknown": key}. `execute` throws StoreUnavailable when there was no answer.
struct Load {
    std::function<Outcome(const CommandRequest&)> execute;
    simulation::Backend& backend;
    const engine::Clock& clock;
    std::string prefix; // of the keys
    std::function<void(const Json&)> say;
    std::function<bool()> stop;
    int commands_max = 1'000'000;

    void work(std::size_t number); // one officer
    void run(std::size_t officers);

  private:
    std::optional<Outcome> give(CommandRequest request);
    std::optional<engine::CaseRow> open_case(const std::string& village); // nullopt also when stopped
};

class Ground {
  public:
    explicit Ground(const std::string& kind); // "sqlite" or "mariadb"; the world is settled, but the database not open
    Ground(const std::string& url, const std::string& dir); // the same with the url of an empty database
    ~Ground();

    void open(Probe probe = {});
    void close();
    db::Database& database() { return *database_; }
    simulation::SqlBackend& backend() { return *backend_; }
    Outcome execute(const CommandRequest& request) { return service_->execute(request); }
    engine::CaseService& service() { return *service_; }

    std::string digest(); // a hash over every table
    std::int64_t events(const CaseId& id);
    // Finishes all timers and the outbox. Then returns what the oracles and `verify --replay` find in the record, in
    // the notices, and in the client log compared with both. REQUIRES: nobody else is writing.
    std::vector<std::string> verify(const ClientLog& log);

    Load load(const std::string& prefix, std::function<void(const Json&)> say, std::function<bool()> stop);

    const std::string& folder() const { return folder_; }
    std::string url;
    Clock clock;

  private:
    void come_to_rest();

    std::string folder_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<simulation::SqlBackend> backend_;
    std::unique_ptr<engine::CaseService> service_;
    simulation::FarEnd mails_; // mails that arrived
};

// What `cunmai verify --replay` finds in a database; the folder is the program's.
std::vector<std::string> verify_replay(const std::string& url, const std::string& folder);

// Commands of the district's people. `date`: today.
CommandRequest opening(const std::string& village, const std::string& key);
CommandRequest command(const CaseId& id, std::int64_t version, const std::string& name, Json payload,
                       const std::string& person, const std::string& key);
Json visit(const engine::Clock& clock);

Json to_json(const CommandRequest& request);
CommandRequest request_of(const Json& json);

// Builds the client log from what a load said.
class Listener {
  public:
    void hear(const Json& said);
    ClientLog log;

  private:
    std::mutex mutex_;
};
// Sends requests without an answer again, under their old keys, until there is one.
void ask_again(const std::function<Outcome(const CommandRequest&)>& execute, ClientLog& log);
void ask_again(Ground& ground, ClientLog& log);

} // namespace cunmai::faults
