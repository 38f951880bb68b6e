// Place paths in SQL: what a jurisdiction covers is one range of an index, who covers a place is a handful of prefixes.
#pragma once

#include "db/kernel/connection.hpp"

namespace cunmai::db {

// Everything below "/990100/" lies in ["/990100/", "/9901000"): '0' follows '/'.
inline std::string end_of_range(std::string_view path) { return std::string(path.substr(0, path.size() - 1)) + '0'; }

// "/990100/990100001/" → "/990100/", "/990100/990100001/". An empty path (a role for the system) has only itself.
std::vector<std::string> prefixes_of(std::string_view path);

// Text that is put together with the parameters that it needs.
class SqlText {
  public:
    explicit SqlText(std::string text = "") : text_(std::move(text)) {}

    SqlText& add(std::string_view text);
    SqlText& add(std::string_view text, Param param);
    SqlText& param(Param param);
    // Values in parentheses: (:name0, :name1); REQUIRES: at least one.
    SqlText& list(std::string_view name, const std::vector<std::string>& values);
    // (column in one of the jurisdictions); false when there are none.
    SqlText& within(std::string_view column, const std::vector<std::string>& scopes, std::string_view name);

    const std::string& text() const { return text_; }
    const Params& params() const { return params_; }

  private:
    bool has(std::string_view name) const;

    std::string text_;
    Params params_;
};

// "%text%" in lower case with LIKE's own signs escaped by '!'.
std::string like(std::string_view text);

} // namespace cunmai::db
