// The statements of db/queries/*.sql, by "file.name". A file is a row of sections:
//   -- name: move
//   UPDATE cases SET … WHERE id = :id AND version = :version
// {{file.name}} inside a statement is replaced by that section. sqlite.sql and mysql.sql hold what truly differs; their
// sections have plain names ({{for_update}}). Comments are taken out.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::db {

enum class Dialect { sqlite, mysql };

const std::string& query(Dialect dialect, std::string_view name); // throws std::logic_error: no such statement

} // namespace cunmai::db
