#include "engine/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace cunmai::engine {

using namespace std::chrono;

namespace {

bool digits(std::string_view text, std::size_t from, std::size_t count, int& value) {
    if (from + count > text.size()) return false;
    for (std::size_t i = from; i < from + count; ++i)
        if (text[i] < '0' || text[i] > '9') return false;
    std::from_chars(text.data() + from, text.data() + from + count, value);
    return true;
}

sys_days days_of(Date date) { return sys_days{date}; }

} // namespace

std::string to_text(Date date) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

std::string to_iso(Instant at) {
    const auto day = floor<days>(sys_time<microseconds>{microseconds{at.micros}});
    const auto rest = at.micros - duration_cast<microseconds>(day.time_since_epoch()).count();
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%sT%02d:%02d:%02d.%06dZ", to_text(Date{day}).c_str(),
                  static_cast<int>(rest / 3'600'000'000), static_cast<int>(rest / 60'000'000 % 60),
                  static_cast<int>(rest / 1'000'000 % 60), static_cast<int>(rest % 1'000'000));
    return text.data();
}

std::string to_local(Instant at, int utc_offset_minutes) {
    const auto iso = to_iso(at.plus_seconds(utc_offset_minutes * 60));
    return iso.substr(0, 10) + " " + iso.substr(11, 5);
}

std::optional<Date> parse_date(std::string_view text) {
    int year_number = 0, month_number = 0, day_number = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
    if (!digits(text, 0, 4, year_number) || !digits(text, 5, 2, month_number) || !digits(text, 8, 2, day_number))
        return {};
    const Date date{year{year_number}, month{static_cast<unsigned>(month_number)},
                    day{static_cast<unsigned>(day_number)}};
    if (!date.ok()) return {};
    return date;
}

std::optional<Instant> parse_iso(std::string_view text) {
    const auto date = parse_date(text.substr(0, 10));
    int hour = 0, minute = 0, second = 0;
    if (!date || text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return {};
    if (!digits(text, 11, 2, hour) || !digits(text, 14, 2, minute) || !digits(text, 17, 2, second)) return {};
    if (hour > 23 || minute > 59 || second > 59) return {};
    std::int64_t micros = 0;
    std::size_t at = 19;
    if (text[at] == '.') {
        std::int64_t unit = 100'000;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
            micros += (text[at] - '0') * unit;
    }
    int offset = 0;
    const auto zone = text.substr(at);
    if (zone != "Z") {
        int hours = 0, minutes = 0;
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return {};
        if (!digits(zone, 1, 2, hours) || !digits(zone, 4, 2, minutes)) return {};
        offset = (hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
    }
    const auto day_micros = duration_cast<microseconds>(days_of(*date).time_since_epoch()).count();
    return Instant{day_micros + ((hour * 60 + minute - offset) * 60LL + second) * 1'000'000 + micros};
}

Date add_days(Date date, int count) { return Date{days_of(date) + days{count}}; }

Date add_years(Date date, int count) {
    const Date moved = date + years{count};
    return moved.ok() ? moved : Date{days_of(moved.year() / moved.month() / last) + days{1}};
}

int days_between(Date from, Date to) { return static_cast<int>((days_of(to) - days_of(from)).count()); }

Date local_date(Instant at, int utc_offset_minutes) {
    const auto moved = at.plus_seconds(utc_offset_minutes * 60);
    return Date{floor<days>(sys_time<microseconds>{microseconds{moved.micros}})};
}

Instant start_of_day(Date date, int utc_offset_minutes) {
    const auto micros = duration_cast<microseconds>(days_of(date).time_since_epoch()).count();
    return Instant{micros}.plus_seconds(-utc_offset_minutes * 60);
}

Instant SystemClock::now() const {
    return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
}

} // namespace cunmai::engine
