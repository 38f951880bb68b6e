// sqlite:FILE and mysql://user:password@host[:port]/database. Messages never repeat the password.
#pragma once

#include "db/queries.hpp"

#include <string>

namespace cunmai::db {

struct DatabaseUrl {
    Dialect dialect = Dialect::sqlite;
    std::string file;                         // SQLite
    std::string user, password, host, schema; // MySQL; percent-decoded
    int port = 3306;
};

DatabaseUrl parse_database_url(const std::string& url); // throws std::invalid_argument
std::string soci_parameters(const DatabaseUrl& url);

} // namespace cunmai::db
