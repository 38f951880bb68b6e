// Where the database is:
//   sqlite:FILE
//   mysql://user:password@host[:port][,host[:port]…]/database[?reads=any]
// `localhost` without a port is the server behind the client library's Unix socket; with a port it is the one that
// listens there (TCP), as everywhere else.
// Several hosts are the nodes of one Galera cluster, in the order in which they are preferred (db/kernel/nodes.hpp).
// reads=any: pages and lists are read from the other nodes. Messages never repeat the password.
#pragma once

#include "db/kernel/queries.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cunmai::db {

struct DatabaseUrl {
    struct Host {
        std::string name;
        std::optional<int> port; // not given: 3306, or the Unix socket of `localhost`
    };
    Dialect dialect = Dialect::sqlite;
    std::string file;                   // SQLite
    std::string user, password, schema; // MySQL; percent-decoded
    std::vector<Host> hosts;            // MySQL; at least one
    bool reads_any = false;             // MySQL
};

// What is wrong, as a code for messages in the reader's language; what() is English. Neither holds the password.
class BadDatabaseUrl : public std::invalid_argument {
  public:
    BadDatabaseUrl(std::string_view its_code, const std::string& what) : std::invalid_argument(what), code(its_code) {}
    std::string code;
};

DatabaseUrl parse_database_url(const std::string& url); // throws BadDatabaseUrl
// As SOCI wants it; MySQL: a line for each host, without time-outs (the pool adds them).
std::string soci_parameters(const DatabaseUrl& url);

} // namespace cunmai::db
