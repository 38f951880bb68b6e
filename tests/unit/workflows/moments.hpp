// The moments of the played lives: each case in each shape that it takes, with all that surrounds it, so that a test
// can ask what may happen next, for every person and with every input, and go back.
#pragma once

#include "tests/unit/workflows/lives.hpp"

#include <set>

namespace cunmai::workflows::test {

// A case in a state and with facts (by their names) that was not met before; or just before it is given a command for
// the first time in this state.
struct Moment {
    CaseId id;
    engine::Instant at;
    std::shared_ptr<const cunmai::test::Memory> memory;
    std::string next; // that command, or empty
};

class Moments : protected Lives {
  public:
    // Plays all lives. What a decision does not look at is left out of the moments, because they are copied often.
    std::vector<Moment> play();
    void go_to(const Moment& moment);
    // Gives a command with a valid payload, changed by `given`, and goes back.
    Outcome give(const Moment& moment, const std::string& command, const std::string& person,
                 const std::string& principal = "", const Json& given = Json::object());
};

} // namespace cunmai::workflows::test
