// Which connections are let in, and which are shown out to make room. Connections are known by their socket handle,
// from `enter` to `leave`; a handle must not be closed in between.
//
// There is a limit for each address and one for all connections. When one of the limits is reached, the connection (of
// that address, or of all) that has been waiting for its next request for longest is shown out. So silent or slow
// clients, and forgotten connections of an office behind one address, never keep out a client with a request. The
// connection of a stranger whose body is still coming counts as waiting. A new connection is turned away only when all
// the others are working on a request.
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

    void speaks(int handle);      // a whole head has come; while its body is coming it may still be shown out
    bool begins_work(int handle); // is not shown out from now on; false when it was: its request must not run
    void waits(int handle);       // waits for its next request from now on

    struct Counts {
        std::size_t inside = 0, busy = 0; // busy: with a request under way, its body included
        std::int64_t shown_out = 0;
    };
    Counts counts() const;

  private:
    using Steady = std::chrono::steady_clock;
    struct Guest {
        std::string address;      // empty for a proxy
        Steady::time_point since; // of what it does now
        enum { waits, speaks, works } does = waits;
        bool shown_out = false;
    };
    bool show_one_out(const std::string& address); // "" means any address. REQUIRES: mutex_ is locked
    void stays_no_longer(const Guest& guest);      // REQUIRES: mutex_ is locked

    const ServerLimits& limits_;
    mutable std::mutex mutex_;
    std::map<int, Guest> guests_;
    std::map<std::string, int> per_address_; // counts like staying_
    std::size_t staying_ = 0;                // guests_ without those shown out
    std::int64_t shown_out_ = 0;
};

// "192.0.2.1"; for IPv6 the first 64 bits, because a client with one address there usually has all of them.
std::string counted_address(const std::string& address);

} // namespace cunmai::http
