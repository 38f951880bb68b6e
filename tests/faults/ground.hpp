// What the fault tests stand on: the simulated district in a real database, SQLite or MariaDB, that can be opened with
// a probe, closed, opened again, and held against what clients know.
#pragma once

#include "tests/simulation/oracles.hpp"
#include "tests/simulation/sql_backend.hpp"

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

class Clock final : public engine::Clock {
  public:
    Instant now() const override { return {micros_}; }
    void set(Instant now) { micros_ = now.micros; }
    void forward(std::int64_t seconds) { micros_ += seconds * 1'000'000; }

  private:
    std::atomic<std::int64_t> micros_ = simulation::first_day.micros;
};

using Probe = std::function<void(std::string_view)>;

class Ground {
  public:
    explicit Ground(const std::string& kind);               // "sqlite" or "mariadb"; the world is settled, not open
    Ground(const std::string& url, const std::string& dir); // of an empty database: the same
    ~Ground();

    void open(Probe probe = {});
    void close();
    db::Database& database() { return *database_; }
    simulation::SqlBackend& backend() { return *backend_; }
    Outcome execute(const CommandRequest& request) { return service_->execute(request); }
    engine::CaseService& service() { return *service_; }

    std::string digest(); // of every table
    std::int64_t events(const CaseId& id);
    // What the oracles find: the record, and the client log against it. REQUIRES: nobody is writing.
    std::vector<std::string> verify(const ClientLog& log);

    const std::string& folder() const { return folder_; }
    std::string url;
    Clock clock;

  private:
    std::string folder_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<simulation::SqlBackend> backend_;
    std::unique_ptr<engine::CaseService> service_;
};

// Commands of the district's people. `date`: today.
CommandRequest opening(const std::string& village, const std::string& key);
CommandRequest command(const CaseId& id, std::int64_t version, const std::string& name, Json payload,
                       const std::string& person, const std::string& key);
Json visit(const engine::Clock& clock);

Json to_json(const CommandRequest& request);
CommandRequest request_of(const Json& json);

// Officers who work through the life of cases, each in a village of its own, until told to stop or done. What they sent
// and what they were answered goes to `say`, before and after: {"sent": request}, {"accepted": key, …}, {"denied":
// key}.
struct Load {
    Ground& ground;
    std::string prefix; // of the keys
    std::function<void(const Json&)> say;
    std::function<bool()> stop;
    int commands_max = 1'000'000;

    void work(std::size_t number); // one officer
    void run(std::size_t officers);

  private:
    std::optional<Outcome> give(CommandRequest request);
};

// Builds the client log of what a load said. `unanswered`: sent, and the answer never came.
class Listener {
  public:
    void hear(const Json& said);
    ClientLog log;

  private:
    std::mutex mutex_;
};
// Sends again what has no answer, with its old key, until there is one.
void ask_again(Ground& ground, ClientLog& log);

int cycles(int otherwise); // CUNMAI_CYCLES

} // namespace cunmai::faults
