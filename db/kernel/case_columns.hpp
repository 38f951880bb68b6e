// Rows of `cases` and `case_events` in the order of cases.columns and cases.event_columns, for every reader of them.
#pragma once

#include "db/kernel/connection.hpp"

namespace cunmai::db {

inline constexpr std::string_view no_due_date = "9999-12-31"; // as stored: sorts behind every date

inline std::string stored_due(const std::string& due_on) { return due_on.empty() ? std::string(no_due_date) : due_on; }
inline std::string read_due(const std::string& due_on) { return due_on == no_due_date ? std::string() : due_on; }

// Reads one case after the other; `row()` gives the one just read. Throws std::runtime_error when its facts are not
// JSON.
class CaseReader {
  public:
    Outs outs();
    engine::CaseRow row() const;

  private:
    engine::CaseRow row_;
    std::string facts_;
};

Outs event_outs(engine::Event& event);

Json parsed(const std::string& text, const char* what); // throws std::runtime_error

} // namespace cunmai::db
