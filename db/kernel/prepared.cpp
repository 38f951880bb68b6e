#include "db/kernel/prepared.hpp"

#include <charconv>

namespace cunmai::db {

std::int64_t to_number(std::string_view text) {
    std::int64_t number = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || (stop != end && *stop != '.')) // SUM() is a decimal in MySQL
        throw std::logic_error("a number was expected in a column, not \"" + std::string(text) + '"');
    return number;
}

void throw_other_columns() { throw std::logic_error("a statement has another number of columns than its reader"); }

} // namespace cunmai::db
