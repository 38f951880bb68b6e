// The program as an operator runs it: `cunmai serve` on a real database, one process or several, with mail. The
// simulated district has lived in it a while; its officers speak HTTP. Processes can be killed, frozen, started again;
// the clock of the demo is moved forward.
#pragma once

#include "adapters/services/app.hpp"
#include "tests/faults/ground.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/smtp_receiver.hpp"

#include <condition_variable>
#include <thread>

#include <sys/types.h>

namespace cunmai::faults {

class Served {
  public:
    // "sqlite", "mariadb", or the address of an empty database; all servers answer.
    Served(const std::string& kind, int servers);
    ~Served();
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    int servers() const { return static_cast<int>(servers_.size()); }
    // Of one officer; each call of the result goes to the server that answered last, or to the next one. Throws
    // StoreUnavailable where there was no answer.
    std::function<Outcome(const CommandRequest&)> officer();
    simulation::Backend& backend() { return *backend_; }
    const engine::Clock& clock() const { return app_->clock; }

    void kill(int server); // -9
    void start(int server);
    void freeze(int server);
    void thaw(int server);
    int stop(int server); // gracefully; its status, as waitpid says it

    void forward(std::int64_t seconds); // the clock of all servers
    // Waits, and lets leases end, until nothing is due and everything is told. False after a minute.
    bool come_to_rest();
    // What the oracles and `cunmai verify --replay` find. REQUIRES: at rest.
    std::vector<std::string> verify(const ClientLog& log);
    std::vector<std::string> verify_replay(); // the second of them alone; no server needs to run

  private:
    struct Process {
        int port = 0;
        pid_t pid = -1;
    };
    void settle();
    bool is_at_rest();
    simulation::FarEnd arrived() const;
    std::string log_of(int server) const;

    std::string folder_, config_file_;
    test::SmtpReceiver receiver_;
    std::unique_ptr<App> app_; // for what is not done over HTTP
    std::unique_ptr<simulation::SqlBackend> backend_;
    simulation::Kept before_;
    Instant rest_; // when everything was done
    std::vector<Process> servers_;
};

// Officers who work over HTTP, each in a thread, until the shift ends.
class Shift {
  public:
    Shift(Served& served, Listener& listener, const std::string& prefix, std::size_t officers);
    ~Shift() { end(); }

    // Waits until that many more commands were acknowledged; false after half a minute.
    bool acknowledges(int more);
    int acknowledged();
    void end(); // each gives up what has no answer

  private:
    void hear(const Json& said);

    Listener& listener_;
    std::atomic<bool> over_ = false;
    std::mutex mutex_; // guards acknowledged_
    std::condition_variable changed_;
    int acknowledged_ = 0;
    std::vector<std::jthread> threads_;
};

} // namespace cunmai::faults
