// What should be and what is, side by side. Safe from many threads.
#pragma once

#include "adapters/demo/pilot/api_client.hpp"

#include <vector>

namespace cunmai::pilot {

struct Check {
    std::string key; // message pilot.check.<key>
    Json expected, actual;
    bool well = false;
};

class Checks {
  public:
    void equal(const std::string& key, const Json& expected, const Json& actual);
    void more_than(const std::string& key, std::int64_t limit, std::int64_t actual);
    void at_least(const std::string& key, std::int64_t least, std::int64_t actual);
    // Something wrong was tried: the answer must be this refusal.
    void refused(const std::string& key, const Answer& answer, int status, const std::string& code);

    std::vector<Check> all() const;
    bool all_well() const;

  private:
    void add(Check check);

    mutable std::mutex mutex_;
    std::vector<Check> checks_;
};

} // namespace cunmai::pilot
