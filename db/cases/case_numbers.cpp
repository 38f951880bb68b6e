#include "db/cases/case_numbers.hpp"

#include "db/kernel/database_impl.hpp"
#include "db/kernel/paths.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

constexpr std::size_t date_length = 8;

std::string without_dashes(std::string date) {
    std::erase(date, '-');
    return date;
}

} // namespace

std::map<std::string, std::string> case_numbers(Database& database, const std::vector<std::string>& ids,
                                                int utc_offset_minutes) {
    constexpr std::size_t ids_per_query = 100;
    using Numbers = std::map<std::string, std::string>;
    return database.impl().reading<Numbers>([&](Connection& connection) {
        Numbers numbers;
        for (std::size_t start = 0; start < ids.size(); start += ids_per_query) {
            const auto from = ids.begin() + static_cast<std::ptrdiff_t>(start);
            const auto to = from + static_cast<std::ptrdiff_t>(std::min(ids_per_query, ids.size() - start));
            SqlText sql(connection.sql("numbers.of"));
            sql.param({"offset_micros", std::int64_t{utc_offset_minutes} * 60'000'000});
            sql.list("id", {from, to});
            std::string id, place;
            engine::Instant opened_at;
            std::int64_t among_place = 0, among_siblings = 0;
            connection.each_text(sql.text(), sql.params(), {id, place, opened_at, among_place, among_siblings}, [&] {
                auto& number = numbers[id];
                number =
                    place + "-" + without_dashes(engine::to_text(engine::local_date(opened_at, utc_offset_minutes)));
                if (among_place > 1) number += "-" + std::to_string(among_place);
                if (among_siblings > 0) number += "/" + std::to_string(among_siblings);
            });
        }
        return numbers;
    });
}

std::string place_in_number(const std::string& text) {
    constexpr auto digits = "0123456789";
    const auto dash = text.find_first_not_of(digits);
    if (dash == 0 || dash == std::string::npos || text[dash] != '-') return text;
    const auto end = std::min(text.find_first_not_of(digits, dash + 1), text.size());
    const bool dated = end - dash - 1 == date_length;
    const bool ends = end == text.size() || text[end] == '-' || text[end] == '/';
    return dated && ends ? text.substr(0, dash) : text;
}

} // namespace cunmai::db
