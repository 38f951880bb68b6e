// The trace of a run, line by line, folded into one hash, which differs unless two runs of a seed are the same to the
// byte.
#pragma once

#include "engine/fingerprint.hpp"

#include <deque>
#include <string>

namespace cunmai::simulation {

class Trace {
  public:
    void add(const std::string& line) {
        hash_ = sha256_raw(hash_ + line);
        ++lines_;
        last_.push_back(line);
        if (last_.size() > kept_max && !keep_all) last_.pop_front();
    }
    std::string hash() const { return to_hex(hash_); }
    std::size_t lines() const { return lines_; }
    const std::deque<std::string>& last() const { return last_; }
    bool keep_all = false;

  private:
    static constexpr std::size_t kept_max = 40;
    std::string hash_;
    std::size_t lines_ = 0;
    std::deque<std::string> last_;
};

} // namespace cunmai::simulation
