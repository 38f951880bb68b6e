#include "adapters/http/edge/live.hpp"

#include "adapters/services/reading.hpp"
#include "adapters/services/sign_in.hpp"
#include "adapters/telemetry/log.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>
#include <Poco/Net/StreamSocket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace cunmai::http {

namespace {

constexpr std::size_t unsent_bytes_max = 8 * 1024;
constexpr int send_buffer_bytes = 8 * 1024;    // small, so that a client that does not read is noticed soon
constexpr unsigned unanswered_ms_max = 30'000; // after so long without confirmation the connection is dead
using Steady = std::chrono::steady_clock;

struct Listener {
    Poco::Net::StreamSocket socket;
    Live::Who who;
    Live::Ticket ticket;
    std::int64_t told = -1, version_told = -1; // the numbers that were last reported; -1 before the first report
    std::string unsent{};
    bool gone = false;

    int handle() const { return static_cast<int>(socket.impl()->sockfd()); }

    void say(const std::string& text) {
        unsent += text;
        if (unsent.size() > unsent_bytes_max) gone = true;
        send();
    }

    void send() {
        while (!unsent.empty() && !gone) {
            const auto sent = ::send(handle(), unsent.data(), unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (sent <= 0)
                gone = true;
            else
                unsent.erase(0, static_cast<std::size_t>(sent));
        }
    }

    void notice_hang_up() {
        std::array<char, 256> ignored;
        const auto count = ::recv(handle(), ignored.data(), ignored.size(), MSG_DONTWAIT);
        if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) gone = true;
    }
};

// Counts the streams of each person. Shared with the tickets, so that it outlives all of them.
class Register {
  public:
    explicit Register(const LiveLimits& limits) : limits_(limits) {}

    bool enter(const engine::PersonId& person) {
        std::lock_guard lock(mutex_);
        if (all_ >= limits_.streams_max) return false;
        auto& own = each_[person];
        if (own >= limits_.streams_per_person_max) return false;
        ++own;
        ++all_;
        return true;
    }
    void leave(const engine::PersonId& person) {
        std::lock_guard lock(mutex_);
        --all_;
        const auto own = each_.find(person);
        if (--own->second == 0) each_.erase(own);
    }
    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(all_);
    }

  private:
    const LiveLimits limits_;
    mutable std::mutex mutex_;
    int all_ = 0;
    std::map<engine::PersonId, int> each_;
};

std::string message(const char* event, const Json& data) {
    return "event: " + std::string(event) + "\ndata: " + data.dump() + "\n\n";
}

} // namespace

class Live::Impl {
  public:
    Impl(App& app, const LiveLimits& limits)
        : app_(app), limits_(limits), register_(std::make_shared<Register>(limits)) {}

    Ticket admit(const engine::PersonId& person) {
        if (!register_->enter(person)) return nullptr;
        return {this, [book = register_, person](void*) { book->leave(person); }};
    }

    void start() {
        thread_ = std::thread([this] { run(); });
    }

    void stop() {
        {
            std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        if (thread_.joinable()) thread_.join();
        std::lock_guard lock(mutex_);
        listeners_.clear();
        arrived_.clear();
    }

    std::size_t size() const { return register_->size(); }

    void add(Listener listener) {
        ::setsockopt(listener.handle(), SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
        ::setsockopt(listener.handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms_max, sizeof unanswered_ms_max);
        {
            std::lock_guard lock(mutex_);
            if (stopping_) return;
            arrived_.push_back(std::move(listener));
        }
        wake_.notify_all();
    }

  private:
    void run() {
        auto next_question = Steady::now(), next_heartbeat = Steady::now() + limits_.heartbeat_every;
        for (;;) {
            {
                std::unique_lock lock(mutex_);
                wake_.wait_until(lock, std::min(next_question, next_heartbeat),
                                 [this] { return stopping_ || !arrived_.empty(); });
                if (stopping_) return;
                for (auto& listener : arrived_) listeners_.push_back(std::move(listener));
                arrived_.clear();
            }
            const auto now = Steady::now();
            const bool ask = now >= next_question, heartbeat = now >= next_heartbeat;
            if (ask) next_question = now + limits_.asked_every;
            if (heartbeat) next_heartbeat = now + limits_.heartbeat_every;
            try {
                if (heartbeat) drop_ended_sessions();
                tell_changes(ask);
                tell_versions(ask);
                failing_ = false;
            } catch (const std::exception& error) { // the database can't be reached: listeners keep waiting
                if (!failing_) log::error("live_events", {{"what", error.what()}});
                failing_ = true;
            }
            for (auto& listener : listeners_) {
                if (heartbeat) listener.say(": still here\n\n");
                listener.send();
                listener.notice_hang_up();
            }
            std::erase_if(listeners_, [](const Listener& listener) { return listener.gone; });
        }
    }

    void tell_changes(bool everybody) {                  // false: only those who have just begun to listen
        std::map<engine::PersonId, std::int64_t> unread; // asked once per person, however many pages they have open
        for (auto& listener : listeners_) {
            if (!everybody && listener.told >= 0) continue;
            auto found = unread.find(listener.who.person);
            if (found == unread.end())
                found = unread.emplace(listener.who.person, app_.inbox.unread(listener.who.person)).first;
            if (listener.told == found->second) continue;
            listener.told = found->second;
            listener.say(message("inbox", {{"unread", found->second}}));
        }
    }

    void tell_versions(bool everybody) {
        std::set<engine::CaseId> watched;
        for (const auto& listener : listeners_)
            if (!listener.who.watches.empty() && (everybody || listener.version_told < 0))
                watched.insert(listener.who.watches);
        const auto versions = app_.cases.versions({watched.begin(), watched.end()});
        for (auto& listener : listeners_) {
            const auto found = versions.find(listener.who.watches);
            if (found == versions.end() || listener.version_told == found->second) continue;
            if (listener.version_told >= 0 && !may_still_watch(listener)) {
                listener.gone = true; // the person may no longer see the case
                continue;
            }
            listener.version_told = found->second;
            listener.say(message("case", {{"id", found->first}, {"version", found->second}}));
        }
    }

    bool may_still_watch(const Listener& listener) {
        const auto viewer = app_.viewer(listener.who.person);
        return Reading(app_, viewer).find(listener.who.watches).has_value();
    }

    void drop_ended_sessions() {
        for (auto& listener : listeners_) {
            const auto found = app_.sessions.find(listener.who.session);
            if (!found || sign_in::idle_too_long(app_, found->first)) listener.gone = true;
        }
    }

    App& app_;
    const LiveLimits limits_;
    const std::shared_ptr<Register> register_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;           // guarded by mutex_
    std::vector<Listener> arrived_;   // guarded by mutex_
    std::vector<Listener> listeners_; // used by the thread only
    bool failing_ = false;
    std::thread thread_;
};

Live::Live(App& app, const LiveLimits& limits) : impl_(std::make_unique<Impl>(app, limits)) {}
Live::~Live() { stop(); }
void Live::start() { impl_->start(); }
void Live::stop() { impl_->stop(); }
Live::Ticket Live::admit(const engine::PersonId& person) { return impl_->admit(person); }
std::size_t Live::size() const { return impl_->size(); }

void Live::add(const Poco::Net::StreamSocket& socket, const Who& who, Ticket ticket) {
    impl_->add({.socket = socket, .who = who, .ticket = std::move(ticket)});
}

} // namespace cunmai::http
