// A choice in a secret ballot, sealed so that the database alone tells nothing: every sealed text has one length, and
// the key comes from the server's secret, the case and the box.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::db {

inline constexpr std::size_t choice_bytes_max = 31;

class BallotSeal {
  public:
    // REQUIRES: a secret. Throws std::logic_error without one.
    BallotSeal(std::string_view secret, std::string_view case_id, std::string_view box);

    std::string seal(std::string_view choice) const; // base64; REQUIRES: at most choice_bytes_max bytes
    std::string open(std::string_view sealed) const; // throws std::runtime_error: sealed with another key, or damaged

  private:
    std::string key_;
};

} // namespace cunmai::db
