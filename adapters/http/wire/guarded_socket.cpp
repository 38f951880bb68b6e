#include "adapters/http/wire/guarded_socket.hpp"

#include <Poco/Net/NetException.h>

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace cunmai::http {

namespace {

constexpr auto slice = std::chrono::milliseconds(250); // the delay until a stop is noticed
constexpr std::string_view end_of_head = "\r\n\r\n";

Poco::Timespan span(std::chrono::microseconds length) {
    return Poco::Timespan(static_cast<Poco::Timespan::TimeDiff>(length.count()));
}

} // namespace

GuardedSocket::GuardedSocket(poco_socket_t handle, const Limits& limits, const std::atomic<bool>& stopping)
    : StreamSocketImpl(handle), limits_(limits), stopping_(stopping) {}

std::optional<GuardedSocket::Steady::time_point> GuardedSocket::stop_began() {
    if (stopping_ && !stop_noticed_) stop_noticed_ = Steady::now();
    return stop_noticed_;
}

bool GuardedSocket::readable_before(Steady::time_point deadline, bool give_up_when_stopping) {
    for (;;) {
        if (const auto began = stop_began()) deadline = std::min(deadline, *began + limits_.stopping);
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Steady::now());
        if (left.count() <= 0) return false;
        if (poll(span(std::min<std::chrono::microseconds>(left, slice)), SELECT_READ)) return true;
        if (stopping_ && give_up_when_stopping) return false;
    }
}

int GuardedSocket::receive_more() {
    std::array<char, 16 * 1024> buffer;
    const int count = StreamSocketImpl::receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) pending_.append(buffer.data(), static_cast<std::size_t>(count));
    return count;
}

std::variant<Head, Fault, GuardedSocket::Closed> GuardedSocket::next_head() {
    timed_out_ = false;
    answered_ = 0;
    chunks_.reset();
    if (pending_.empty()) {
        if (!readable_before(Steady::now() + limits_.idle, true)) return Closed{};
        if (receive_more() <= 0) return Closed{};
    }
    const auto deadline = Steady::now() + limits_.head;
    std::size_t end = std::string::npos;
    while ((end = pending_.find(end_of_head)) == std::string::npos) {
        if (auto fault = fault_so_far(pending_)) return *fault;
        if (pending_.size() > head_bytes_max) return Fault{431, "header_too_large"};
        if (!readable_before(deadline, true)) {
            if (stopping_) return Closed{};
            return Fault{408, "too_slow"};
        }
        if (receive_more() <= 0) return Closed{};
    }
    const auto length = end + end_of_head.size();
    if (length > head_bytes_max) return Fault{431, "header_too_large"};
    auto read = read_head(std::string_view(pending_).substr(0, length));
    if (auto* fault = std::get_if<Fault>(&read)) return *fault;
    auto& head = std::get<Head>(read);
    left_to_give_ = static_cast<std::int64_t>(length) + std::max<std::int64_t>(head.content_length, 0);
    if (head.content_length < 0) chunks_.emplace();
    body_deadline_ = Steady::now() + limits_.body;
    answer_started_ = Steady::now();
    return std::move(head);
}

int GuardedSocket::receiveBytes(void* buffer, int length, int flags) {
    static_cast<void>(flags);
    if (is_whole() || is_broken() || length <= 0) return 0;
    if (pending_.empty()) {
        if (!readable_before(body_deadline_, false)) {
            timed_out_ = true;
            return 0; // looks like a truncated body, which is answered with 408
        }
        const int came = receive_more();
        if (came <= 0) return 0;
        body_deadline_ =
            std::min(body_deadline_ + std::chrono::milliseconds(1000 * came / limits_.slow_bytes_per_second),
                     Steady::now() + limits_.body);
    }
    const auto room = std::min(static_cast<std::size_t>(length), pending_.size());
    const auto count = left_to_give_ > 0 ? std::min(room, static_cast<std::size_t>(left_to_give_))
                                         : chunks_->take(std::string_view(pending_).substr(0, room));
    std::memcpy(buffer, pending_.data(), count);
    pending_.erase(0, count);
    if (left_to_give_ > 0) left_to_give_ -= static_cast<std::int64_t>(count);
    if (is_whole()) answer_started_ = Steady::now();
    return static_cast<int>(count);
}

bool GuardedSocket::is_whole() const {
    return left_to_give_ == 0 && (!chunks_ || chunks_->state() == Chunks::State::whole);
}

bool GuardedSocket::has_left() const {
    pollfd heard{static_cast<int>(sockfd()), POLLRDHUP, 0};
    return ::poll(&heard, 1, 0) > 0 && (heard.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

// Always waits with a deadline: otherwise a client that does not read would hold the thread for ever.
int GuardedSocket::sendBytes(const void* buffer, int length, int flags) {
    static_cast<void>(flags);
    if (answered_ == 0) answer_started_ = Steady::now();
    const auto* bytes = static_cast<const char*>(buffer);
    int done = 0;
    while (done < length && !reads_too_slowly_) {
        const auto sent =
            ::send(sockfd(), bytes + done, static_cast<std::size_t>(length - done), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            done += static_cast<int>(sent);
            answered_ += sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            // Bytes that the network still holds have not been read by the client.
            int held = 0;
            static_cast<void>(::ioctl(sockfd(), SIOCOUTQ, &held));
            const auto whole =
                limits_.answer + std::chrono::seconds((answered_ - held) / limits_.slow_bytes_per_second);
            auto deadline = std::min(answer_started_ + whole, Steady::now() + limits_.answer);
            if (const auto began = stop_began())
                deadline = std::min(deadline, std::max(*began, answer_started_) + limits_.stopping);
            const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - Steady::now());
            reads_too_slowly_ = left.count() <= 0 || !poll(span(left), SELECT_WRITE);
        } else if (errno != EINTR) {
            throw Poco::Net::ConnectionResetException();
        }
    }
    if (reads_too_slowly_) throw Poco::TimeoutException("the client reads too slowly");
    return done;
}

void GuardedSocket::linger(std::int64_t bytes_max) {
    try {
        shutdownSend();
        const auto deadline = Steady::now() + std::chrono::seconds(2);
        std::int64_t seen = 0;
        std::array<char, 16 * 1024> buffer;
        while (seen < bytes_max && readable_before(deadline, true)) {
            const int count = StreamSocketImpl::receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            if (count <= 0) return;
            seen += count;
        }
    } catch (const Poco::Exception&) { // the client is gone already
    }
}

} // namespace cunmai::http
