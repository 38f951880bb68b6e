// A real MariaDB for tests: on loopback, at a free port, in a folder of its own, as user mysql where the tests run as
// root. Throws std::runtime_error when it can't be started: a test without its database fails, it is not skipped.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace cunmai::test {

class MariaDbServer {
  public:
    // Installed, started and answering; `options` as on its command line, e.g. "--log-bin".
    explicit MariaDbServer(std::vector<std::string> options = {});
    ~MariaDbServer();
    MariaDbServer(const MariaDbServer&) = delete;
    MariaDbServer& operator=(const MariaDbServer&) = delete;

    void start();
    void stop();   // by its process id; the data stays
    void kill();   // -9
    void freeze(); // SIGSTOP
    void thaw();
    int port() const { return port_; }
    std::string url(const std::string& database) const;
    std::string data_folder() const { return folder_ + "/data"; }

  private:
    void install();
    void wait_until_it_answers();
    void end(int signal);

    std::vector<std::string> options_;
    std::string folder_;
    int port_ = 0;
    pid_t pid_ = -1;
};

// mysql://… of a new, empty database: on the server that CUNMAI_TEST_MYSQL_URL names
// (mysql://user:password@host:port/), else on one server that this process starts for all its tests.
std::string new_mariadb_database();

// Runs one statement as the server's root; for tests that must prepare a server.
void run_on_mariadb(const std::string& url, const std::string& statement);

// Another program in the middle of a transaction, which holds the locks of this statement until the object is
// destroyed.
class MariaDbLock {
  public:
    MariaDbLock(const std::string& url, const std::string& statement);

  private:
    std::shared_ptr<void> client_;
};

} // namespace cunmai::test
