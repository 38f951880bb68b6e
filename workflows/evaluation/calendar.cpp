#include "workflows/evaluation/calendar.hpp"

#include <algorithm>

namespace cunmai::workflows::calendar {

using engine::Date;

namespace {

bool lists(const Json& calendar, const char* list, Date date) {
    if (!calendar.is_object()) return false;
    const auto text = engine::to_text(date);
    const auto year = calendar.find(text.substr(0, 4));
    if (year == calendar.end() || !year->contains(list)) return false;
    const auto& dates = year->at(list);
    return std::find(dates.begin(), dates.end(), text) != dates.end();
}

} // namespace

bool is_working_day(const Json& calendar, Date date) {
    if (lists(calendar, "workdays", date)) return true;
    if (lists(calendar, "holidays", date)) return false;
    const auto weekday = std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding();
    return weekday <= 5;
}

Date add_days(const Json& calendar, Days days, Date from, int count) {
    if (days == Days::calendar) return engine::add_days(from, count);
    const int step = count < 0 ? -1 : 1;
    for (int left = count < 0 ? -count : count; left > 0;) {
        from = engine::add_days(from, step);
        if (is_working_day(calendar, from)) --left;
    }
    return from;
}

Date effective(const Json& calendar, Days days, Date date) {
    if (days == Days::working)
        while (!is_working_day(calendar, date)) date = engine::add_days(date, 1);
    return date;
}

int working_days_between(const Json& calendar, Date from, Date to) {
    if (to < from) return -working_days_between(calendar, to, from);
    int count = 0;
    while (from < to) {
        from = engine::add_days(from, 1);
        if (is_working_day(calendar, from)) ++count;
    }
    return count;
}

} // namespace cunmai::workflows::calendar
