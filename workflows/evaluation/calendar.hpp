// Working days. The calendar of public holidays and make-up workdays (调休) is data:
//   {"2025":{"holidays":["2025-01-01", …],"workdays":["2025-01-26", …]}, …}
// A year that the calendar doesn't have counts Monday to Friday. Pure.
#pragma once

#include "engine/json.hpp"
#include "engine/time.hpp"

namespace cunmai::workflows::calendar {

enum class Days { calendar, working };

bool is_working_day(const Json& calendar, engine::Date date);
// `count` days later (earlier when negative): each calendar day counts, or only working days do.
engine::Date add_days(const Json& calendar, Days days, engine::Date from, int count);
// The date itself, or in working days the next working day when it falls on a day off.
engine::Date effective(const Json& calendar, Days days, engine::Date date);
// Working days after `from` up to and including `to`; negative when `to` is earlier.
int working_days_between(const Json& calendar, engine::Date from, engine::Date to);

} // namespace cunmai::workflows::calendar
