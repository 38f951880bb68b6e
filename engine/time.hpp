// Instants are UTC microseconds. Civil dates (deadlines, follow-up year) are "YYYY-MM-DD" in the district's zone.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cunmai::engine {

struct Instant {
    std::int64_t micros = 0; // since 1970-01-01T00:00:00Z

    friend auto operator<=>(const Instant&, const Instant&) = default;
    Instant plus_seconds(std::int64_t seconds) const { return {micros + seconds * 1'000'000}; }
};

// China keeps one zone and no summer time.
constexpr int default_utc_offset_minutes = 8 * 60;

std::string to_iso(Instant at);                          // 2025-03-01T08:00:00.000000Z
std::optional<Instant> parse_iso(std::string_view text); // the same form; fraction optional, Z or ±hh:mm
std::string to_local(Instant at, int utc_offset_minutes = default_utc_offset_minutes); // 2025-03-01 16:00

// A civil date. Empty optional when the text is not a date of the calendar (2025-02-30).
using Date = std::chrono::year_month_day;
std::optional<Date> parse_date(std::string_view text);
std::string to_text(Date date);
Date add_days(Date date, int days);
Date add_years(Date date, int years); // 29 February of a leap year becomes 1 March: a full year has passed
int days_between(Date from, Date to); // negative when `to` is earlier
Date local_date(Instant at, int utc_offset_minutes = default_utc_offset_minutes);
Instant start_of_day(Date date, int utc_offset_minutes = default_utc_offset_minutes);

// The one source of "now". Tests and demo servers move it, nobody else.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
  public:
    Instant now() const override;
};

} // namespace cunmai::engine
