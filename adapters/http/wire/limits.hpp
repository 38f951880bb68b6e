// How much of the server one client, or all of them together, may hold. Everything is configurable ([server] in
// docs/operating.md), so that tests need not wait.
#pragma once

#include "adapters/config/config.hpp"

#include <chrono>
#include <set>
#include <string>

namespace cunmai::http {

struct LiveLimits { // Server-Sent Events
    int streams_max = 500, streams_per_person_max = 20;
    std::chrono::milliseconds asked_every{1'000}, heartbeat_every{15'000};
};

struct ServerLimits {
    int connections_max = 256;                    // in all
    int connections_per_address_max = 64;         // IPv6: per /64
    std::set<std::string> proxies;                // they carry many clients, so only the total limit applies to them
    int queue_max = 128;                          // requests that wait for one of config.threads seats
    std::chrono::milliseconds queue_wait{10'000}; // then 503
    std::chrono::milliseconds idle{15'000};       // between requests
    std::chrono::milliseconds head{10'000};       // from its first byte to its end
    std::chrono::milliseconds body{20'000};       // plus the time that a slow line may take
    std::chrono::milliseconds answer{30'000};     // the same
    std::chrono::milliseconds stopping{30'000};   // what is still to come of a body or an answer when it stops
    LiveLimits live;
};

ServerLimits limits_of(const Config& config);

// Of whoever is not signed in, in bytes: what signing in takes, with room. Forms may be as long as one that was filled
// in while the session ended.
inline constexpr std::int64_t stranger_body_bytes_max = 8 * 1024;

// The limit in bytes for all files of one form together, as its page says. Text comes on top.
std::int64_t form_files_bytes_max(const Config& config);

} // namespace cunmai::http
