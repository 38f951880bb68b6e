// A workflow for load: a case counts, again and again, until nobody asks it to. And clients that keep a log of what was
// acknowledged, which is then held against the database.
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

// Asks again and again; false when it does not come true in time.
bool eventually(const std::function<bool()>& condition, std::chrono::seconds patience);

// What one `cunmai serve` is to a command: a database and the only door.
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
void count_once(Server& server, const engine::CaseId& id, const std::string& key); // whatever its version

// Threads that let the cases count. A command that was not answered is given again with the same key until it is.
class Clients {
  public:
    Clients(std::vector<Server*> servers, std::vector<engine::CaseId> cases, int threads);
    ~Clients(); // stops

    void stop(); // after each has its answer
    int acknowledged() const { return acknowledged_; }
    // Waits until that many more were; false when it takes longer than `patience`.
    bool acknowledges(int more, std::chrono::seconds patience) const;
    std::chrono::milliseconds longest_silence() const; // between two acknowledgements, of all clients together
    // Every acknowledged command once in the record, nothing else in it, the row is the fold of it.
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
