// A workflow for load tests, whose case only counts its commands, and clients that keep a log of acknowledged commands,
// which is then compared with the database.
#pragma once

#include "db/cases/cases.hpp"
#include "db/people/people.hpp"
#include "engine/case_service.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace cunmai::test {

std::unique_ptr<engine::Definition> tally();

// Checks the condition again and again. Returns false when it does not come true in time.
bool eventually(const std::function<bool()>& condition, std::chrono::seconds patience);

// The parts of one `cunmai serve` that a command needs: a database and a CaseService.
class Server {
  public:
    Server(const std::string& url, const engine::Clock& clock);

    db::Database database;
    db::Cases cases{database};
    db::People people{database};

  private:
    engine::Registry registry_;
    engine::Roles roles_;

  public:
    engine::CaseService service;
};

// The place and the clerk that the commands need; once for a database.
void prepare_tally(Server& server);
engine::CaseId open_tally(Server& server, const std::string& key);
void count_once(Server& server, const engine::CaseId& id, const std::string& key); // with whatever version the case has

// Threads that let the cases count. A command without an answer is given again under the same key until there is one.
class Clients {
  public:
    Clients(std::vector<Server*> servers, std::vector<engine::CaseId> cases, int threads);
    ~Clients(); // stops

    void stop(); // after each client has its answer
    int acknowledged() const { return acknowledged_; }
    // Waits until that many more were acknowledged. Returns false when it takes longer than `patience`.
    bool acknowledges(int more, std::chrono::seconds patience) const;
    std::chrono::milliseconds longest_silence() const; // between two acknowledgements, of all clients together
    // Checks that the record has every acknowledged command once and nothing else, and that the row is its fold.
    void expect_all_kept(Server& on) const;

  private:
    void run(std::size_t number);
    void note(const engine::CaseId& id, std::int64_t version);

    std::vector<Server*> servers_;
    std::vector<engine::CaseId> cases_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> acknowledged_ = 0;
    mutable std::mutex mutex_;                                  // guards what follows
    std::map<engine::CaseId, std::map<std::int64_t, int>> log_; // how often each version was acknowledged
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    std::chrono::milliseconds longest_{0};
    std::vector<std::jthread> threads_;
};

} // namespace cunmai::test
