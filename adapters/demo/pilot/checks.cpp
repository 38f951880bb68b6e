#include "adapters/demo/pilot/checks.hpp"

#include <algorithm>

namespace cunmai::pilot {

void Checks::add(Check check) {
    const std::lock_guard lock(mutex_);
    checks_.push_back(std::move(check));
}

void Checks::equal(const std::string& key, const Json& expected, const Json& actual) {
    add({key, expected, actual, expected == actual});
}

void Checks::more_than(const std::string& key, std::int64_t limit, std::int64_t actual) {
    add({key, "> " + std::to_string(limit), actual, actual > limit});
}

void Checks::at_least(const std::string& key, std::int64_t least, std::int64_t actual) {
    add({key, "≥ " + std::to_string(least), actual, actual >= least});
}

void Checks::refused(const std::string& key, const Answer& answer, int status, const std::string& code) {
    const auto wanted = std::to_string(status) + " " + code;
    const bool well = answer.status == status && answer.says(code);
    add({key, wanted, well ? wanted : answer.brief(), well});
}

std::vector<Check> Checks::all() const {
    const std::lock_guard lock(mutex_);
    return checks_;
}

bool Checks::all_well() const {
    const std::lock_guard lock(mutex_);
    return std::all_of(checks_.begin(), checks_.end(), [](const Check& check) { return check.well; });
}

} // namespace cunmai::pilot
