// Where the database is:
//   sqlite:FILE
//   mysql://user:password@host[:port][,host[:port]…]/database[?reads=any]
// Several hosts are the nodes of one Galera cluster, in the order in which they are preferred (db/nodes.hpp).
// reads=any: pages and lists are read from the other nodes. Messages never repeat the password.
#pragma once

#include "db/queries.hpp"

#include <string>
#include <vector>

namespace cunmai::db {

struct DatabaseUrl {
    struct Host {
        std::string name;
        int port = 3306;
    };
    Dialect dialect = Dialect::sqlite;
    std::string file;                   // SQLite
    std::string user, password, schema; // MySQL; percent-decoded
    std::vector<Host> hosts;            // MySQL; at least one
    bool reads_any = false;             // MySQL
};

DatabaseUrl parse_database_url(const std::string& url); // throws std::invalid_argument
// As SOCI wants it; MySQL: a line for each host, without time-outs (the pool adds them).
std::string soci_parameters(const DatabaseUrl& url);

} // namespace cunmai::db
