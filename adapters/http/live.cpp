#include "adapters/http/live.hpp"

#include "adapters/log.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>
#include <Poco/Net/StreamSocket.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace cunmai::http {

namespace {

constexpr std::size_t streams_max = 500;
constexpr std::size_t unsent_bytes_max = 8 * 1024;
using Steady = std::chrono::steady_clock;
constexpr auto asked_every = std::chrono::seconds(1);
constexpr auto heartbeat_every = std::chrono::seconds(15);

struct Listener {
    Poco::Net::StreamSocket socket;
    engine::PersonId person;
    std::string session;
    std::int64_t told = -1; // the last number told
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

std::string message(std::int64_t unread) { return "event: inbox\ndata: " + Json{{"unread", unread}}.dump() + "\n\n"; }

} // namespace

class Live::Impl {
  public:
    explicit Impl(App& app) : app_(app) {}

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

    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return listening_ + arrived_.size();
    }

    void add(Listener listener) {
        {
            std::lock_guard lock(mutex_);
            if (stopping_) return;
            arrived_.push_back(std::move(listener));
        }
        wake_.notify_all();
    }

  private:
    void run() {
        auto next_question = Steady::now(), next_heartbeat = Steady::now() + heartbeat_every;
        for (;;) {
            {
                std::unique_lock lock(mutex_);
                wake_.wait_until(lock, next_question, [this] { return stopping_ || !arrived_.empty(); });
                if (stopping_) return;
                for (auto& listener : arrived_) listeners_.push_back(std::move(listener));
                arrived_.clear();
                listening_ = listeners_.size();
            }
            const auto now = Steady::now();
            const bool ask = now >= next_question, heartbeat = now >= next_heartbeat;
            if (ask) next_question = now + asked_every;
            if (heartbeat) next_heartbeat = now + heartbeat_every;
            try {
                if (heartbeat) drop_ended_sessions();
                tell_changes(ask);
                failing_ = false;
            } catch (const std::exception& error) { // the database is away: listeners wait
                if (!failing_) log::error("live_events", {{"what", error.what()}});
                failing_ = true;
            }
            for (auto& listener : listeners_) {
                if (heartbeat) listener.say(": still here\n\n");
                listener.send();
                listener.notice_hang_up();
            }
            std::erase_if(listeners_, [](const Listener& listener) { return listener.gone; });
            std::lock_guard lock(mutex_);
            listening_ = listeners_.size();
        }
    }

    void tell_changes(bool everybody) {                  // otherwise those who just began to listen
        std::map<engine::PersonId, std::int64_t> unread; // each person once, however many pages they have open
        for (auto& listener : listeners_) {
            if (!everybody && listener.told >= 0) continue;
            auto found = unread.find(listener.person);
            if (found == unread.end())
                found = unread.emplace(listener.person, app_.inbox.unread(listener.person)).first;
            if (listener.told == found->second) continue;
            listener.told = found->second;
            listener.say(message(found->second));
        }
    }

    void drop_ended_sessions() {
        for (auto& listener : listeners_)
            if (!app_.sessions.find(listener.session)) listener.gone = true;
    }

    App& app_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;           // with the mutex
    std::vector<Listener> arrived_;   // with the mutex
    std::size_t listening_ = 0;       // with the mutex: listeners_.size()
    std::vector<Listener> listeners_; // of the thread alone
    bool failing_ = false;
    std::thread thread_;
};

Live::Live(App& app) : impl_(std::make_unique<Impl>(app)) {}
Live::~Live() { stop(); }
void Live::start() { impl_->start(); }
void Live::stop() { impl_->stop(); }
bool Live::full() const { return impl_->size() >= streams_max; }
std::size_t Live::size() const { return impl_->size(); }

void Live::add(const Poco::Net::StreamSocket& socket, const engine::PersonId& person, const std::string& session) {
    impl_->add({.socket = socket, .person = person, .session = session});
}

} // namespace cunmai::http
