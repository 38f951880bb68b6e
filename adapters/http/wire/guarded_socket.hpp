// The socket of one connection, between Poco and the network. It gives Poco exactly one request at a time: a head that
// framing.hpp found good, then its body (Content-Length bytes, or chunks), then an end. What comes after belongs to the
// next request and is never read as part of this one. There are deadlines for the whole head, the whole body and the
// whole answer, so that a client that sends or reads drop by drop is cut off.
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
        std::chrono::milliseconds idle{15'000}; // between requests
        std::chrono::milliseconds head{10'000}; // from its first byte to its end
        // No longer than this without a byte, and each byte that came gives the time of slow_bytes_per_second: what a
        // client says that it will send gives none.
        std::chrono::milliseconds body{20'000};
        // Plus the time that slow_bytes_per_second allows; and no longer than this without any progress.
        std::chrono::milliseconds answer{30'000};
        std::int64_t slow_bytes_per_second = 4096;
        std::chrono::milliseconds stopping{30'000}; // at most this long for a body or an answer once the server stops
    };

    GuardedSocket(poco_socket_t handle, const Limits& limits, const std::atomic<bool>& stopping);

    struct Closed {}; // the client went away, was idle for too long, or the server stops
    // Waits for the next request. REQUIRES: the body of the last one was read to its end.
    std::variant<Head, Fault, Closed> next_head();

    bool timed_out() const { return timed_out_; }
    bool is_whole() const; // of the present request nothing is still to come
    bool is_broken() const { return chunks_ && chunks_->state() == Chunks::State::broken; } // its chunks are none
    const std::string& heard() const { return pending_; } // of a head that is at fault
    // The client closed the connection, or its side of it: whoever waits for an answer keeps both sides open.
    bool has_left() const;
    // Lets the client read the answer before the connection is cut: sends the end, then goes on reading for a while.
    void linger(std::int64_t bytes_max);

    int receiveBytes(void* buffer, int length, int flags = 0) override;
    int sendBytes(const void* buffer, int length, int flags = 0) override;
    using StreamSocketImpl::receiveBytes;
    using StreamSocketImpl::sendBytes;

  private:
    ~GuardedSocket() override = default; // reference-counted by Poco

    bool readable_before(Steady::time_point deadline, bool give_up_when_stopping);
    std::optional<Steady::time_point> stop_began(); // set when the stop is first noticed
    int receive_more();                             // appends to pending_; 0 at the end

    Limits limits_;
    const std::atomic<bool>& stopping_;
    std::string pending_;           // received but not passed on yet
    std::int64_t left_to_give_ = 0; // bytes of the present request; when it comes in chunks, of its head
    std::optional<Chunks> chunks_;  // of the present request
    Steady::time_point body_deadline_{}, answer_started_{};
    std::int64_t answered_ = 0;
    std::optional<Steady::time_point> stop_noticed_{};
    bool timed_out_ = false;
    bool reads_too_slowly_ = false; // then nothing more is sent, not even what is buffered elsewhere
};

} // namespace cunmai::http
