// The ceiling on MariaDB: a bare loop sends, on many connections, exactly the statements that Cunmai sends for each
// command, one transaction each. They are taken from the server's log, so that nothing is invented.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

struct st_mysql;

namespace cunmai::bench {

class MariaDbSession {
  public:
    explicit MariaDbSession(const std::string& url); // mysql://user@host:port/database
    void run(const std::string& sql);
    std::vector<std::vector<std::string>> rows(const std::string& sql);

  private:
    std::unique_ptr<st_mysql, void (*)(st_mysql*)> handle_;
};

using SqlTransactionText = std::vector<std::string>; // without its BEGIN and COMMIT

// The statements that the server receives while `work` runs on the database, by transaction. Savepoints, which only
// serve batches, are left out.
std::vector<SqlTransactionText> statements_of(const std::string& url, const std::function<void()>& work);

// Copies the rows of a database into another one with the same schema.
void copy_mariadb_rows(const std::string& server_url, const std::string& from, const std::string& to);

// Sends transaction i on connection (i % cases) % connections. Returns transactions per second.
// REQUIRES: transaction i belongs to case i % cases.
double send_on_connections(const std::string& url, const std::vector<SqlTransactionText>& transactions, int cases,
                           int connections);

} // namespace cunmai::bench
