// The socket of one connection, between Poco and the network. It gives Poco exactly one request at a time: a head that
// framing.hpp found good, then Content-Length bytes, then an end. What comes after belongs to the next request and is
// never read as part of this one. Deadlines stand on the whole head, the whole body and the whole answer, so that a
// client that sends or reads drop by drop is let go.
#pragma once

#include "adapters/http/wire/framing.hpp"

#include <Poco/Net/StreamSocketImpl.h>

#include <atomic>
#include <chrono>
#include <optional>

namespace cunmai::http {

class GuardedSocket final : public Poco::Net::StreamSocketImpl {
  public:
    using Steady = std::chrono::steady_clock;

    struct Limits {
        std::chrono::milliseconds idle{15'000};   // between requests
        std::chrono::milliseconds head{10'000};   // from its first byte to its end
        std::chrono::milliseconds body{20'000};   // plus the time that slow_bytes_per_second allows
        std::chrono::milliseconds answer{30'000}; // the same; and no longer than this without any progress
        std::int64_t slow_bytes_per_second = 4096;
        std::chrono::milliseconds stopping{30'000}; // all that is left for a body, or an answer, when the server stops
    };

    GuardedSocket(poco_socket_t handle, const Limits& limits, const std::atomic<bool>& stopping);

    struct Closed {}; // the client went away, was idle for too long, or the server stops
    // Waits for the next request. REQUIRES: the body of the last one was read to its end.
    std::variant<Head, Fault, Closed> next_head();

    bool timed_out() const { return timed_out_; }
    // Lets the client read the answer before the connection is cut: sends the end, then reads what still comes, a
    // while.
    void linger(std::int64_t bytes_max);

    int receiveBytes(void* buffer, int length, int flags = 0) override;
    int sendBytes(const void* buffer, int length, int flags = 0) override;
    using StreamSocketImpl::receiveBytes;
    using StreamSocketImpl::sendBytes;

  private:
    ~GuardedSocket() override = default; // counted by Poco

    bool readable_before(Steady::time_point deadline, bool give_up_when_stopping);
    std::optional<Steady::time_point> stop_began(); // noticed at the next look
    int receive_more();                             // appends to pending_; 0 at the end

    Limits limits_;
    const std::atomic<bool>& stopping_;
    std::string pending_;           // received, not yet given on
    std::int64_t left_to_give_ = 0; // of the present request
    Steady::time_point body_deadline_{}, answer_started_{};
    std::int64_t answered_ = 0;
    std::optional<Steady::time_point> stop_noticed_{};
    bool timed_out_ = false;
    bool reads_too_slowly_ = false; // nothing more is sent, also not what others still hold in buffers
};

} // namespace cunmai::http
