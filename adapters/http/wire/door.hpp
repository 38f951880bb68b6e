// Who is let in, and who is shown out to make room. Connections are known by their socket handle, from `enter` to
// `leave`; a handle must not be closed in between.
//
// An address has at most so many connections, all together at most so many. When the house is full the guest who has
// said nothing for longest leaves, and so does, of those from the same address, when it has all that it may: so many
// slow or silent clients never keep out one who has something to say, nor do the forgotten connections of an office
// behind one address. Only people at work turn somebody away.
#pragma once

#include "adapters/http/wire/limits.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace cunmai::http {

class Door {
  public:
    explicit Door(const ServerLimits& limits) : limits_(limits) {}

    enum class Verdict { in, address_full, full };
    Verdict enter(int handle, const std::string& address);
    void leave(int handle);

    bool begins_work(int handle); // a whole head has come; false: shown out meanwhile, nothing may be done for it
    void waits(int handle);       // for the next request

    struct Counts {
        std::size_t inside = 0, working = 0;
        std::int64_t shown_out = 0;
    };
    Counts counts() const;

  private:
    using Steady = std::chrono::steady_clock;
    struct Guest {
        std::string address; // empty: a proxy's
        Steady::time_point waiting_since;
        bool working = false, shown_out = false;
    };
    bool show_one_out(const std::string& address); // "": anybody. REQUIRES: the mutex
    void stays_no_longer(const Guest& guest);      // the same

    const ServerLimits& limits_;
    mutable std::mutex mutex_;
    std::map<int, Guest> guests_;
    std::map<std::string, int> per_address_; // as staying_
    std::size_t staying_ = 0;                // guests_ without those shown out
    std::int64_t shown_out_ = 0;
};

// "192.0.2.1"; of IPv6 the first 64 bits: whoever has one address there has all of them.
std::string counted_address(const std::string& address);

} // namespace cunmai::http
