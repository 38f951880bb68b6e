#include "adapters/http/edge/server.hpp"

#include "adapters/http/edge/send.hpp"
#include "adapters/http/wire/door.hpp"
#include "adapters/http/wire/guarded_socket.hpp"
#include "adapters/telemetry/log.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cunmai::http {

namespace {

namespace net = Poco::Net;

constexpr std::int64_t linger_bytes_max = 32 << 20;

// Connections that are turned away with an answer. If such a socket were closed while unread bytes of the client are
// waiting, the network would drop the answer. So the sockets are kept and their input is discarded until the client has
// hung up or a moment has passed. Used by the acceptor's thread only.
class TurnedAway {
  public:
    void add(const net::StreamSocket& socket, const std::string& answer) {
        const int handle = handle_of(socket);
        static_cast<void>(::send(handle, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
        ::shutdown(handle, SHUT_WR);
        if (leaving_.size() < leaving_max) leaving_.push_back({socket, Steady::now() + patience});
    }

    void sweep() {
        const auto gone = [](Leaving& one) {
            std::array<char, 4096> ignored;
            const auto count = ::recv(handle_of(one.socket), ignored.data(), ignored.size(), MSG_DONTWAIT);
            const bool waits = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
            return !waits || Steady::now() > one.until;
        };
        leaving_.erase(std::remove_if(leaving_.begin(), leaving_.end(), gone), leaving_.end());
    }

  private:
    using Steady = std::chrono::steady_clock;
    static constexpr std::size_t leaving_max = 256;
    static constexpr auto patience = std::chrono::seconds(2);
    struct Leaving {
        net::StreamSocket socket;
        Steady::time_point until;
    };
    static int handle_of(const net::StreamSocket& socket) { return static_cast<int>(socket.impl()->sockfd()); }

    std::vector<Leaving> leaving_;
};

struct Shared { // used by all connections
    App& app;
    Gateway& gateway;
    Live& live;
    Door& door;
    net::HTTPServerParams::Ptr params;
    const std::atomic<bool>& stopping;
};

// One connection: request after request, until client or server ends it.
class Connection final : public Poco::Runnable {
  public:
    Connection(Shared shared, Poco::AutoPtr<GuardedSocket> guard, std::string address)
        : shared_(std::move(shared)), guard_(std::move(guard)), address_(std::move(address)),
          handle_(static_cast<int>(guard_->sockfd())) {}

    void run() override { // deletes itself, because nobody else owns it
        const std::unique_ptr<Connection> self(this);
        try {
            serve();
        } catch (const Poco::Exception&) { // the network: the client went away
        } catch (const std::exception& error) { log::error("connection", {{"what", error.what()}}); }
        leave();
    }

  private:
    struct Inside { // leaves the door's list while the socket is still open
        Connection& connection;
        ~Inside() { connection.leave(); }
    };

    void leave() {
        if (!left_) shared_.door.leave(handle_);
        left_ = true;
    }

    void serve() {
        net::StreamSocket socket(guard_.duplicate());
        socket.setNoDelay(true);
        net::HTTPServerSession session(socket, shared_.params);
        const Inside inside{*this};
        for (;;) {
            auto next = guard_->next_head();
            if (std::holds_alternative<GuardedSocket::Closed>(next)) return;
            if (const auto* fault = std::get_if<Fault>(&next)) {
                if (shared_.door.begins_work(handle_)) refuse(session, *fault);
                return;
            }
            shared_.door.speaks(handle_);
            if (!serve_one(session, std::get<Head>(next))) return;
            shared_.door.waits(handle_);
        }
    }

    void refuse(net::HTTPServerSession& session, const Fault& fault) {
        net::HTTPServerResponseImpl wire(session);
        wire.setVersion(net::HTTPMessage::HTTP_1_1);
        wire.setDate(Poco::Timestamp());
        auto answer = shared_.gateway.fault(fault, guard_->heard());
        send(wire, answer, shared_.app.config);
        guard_->linger(linger_bytes_max);
    }

    bool serve_one(net::HTTPServerSession& session, const Head& head) { // returns whether the connection goes on
        bool go_on = false, cut = false;
        std::optional<Officer> listener;
        engine::CaseId watches;
        Live::Ticket ticket;
        {
            net::HTTPServerResponseImpl wire(session);
            wire.setVersion(head.http11 ? net::HTTPMessage::HTTP_1_1 : net::HTTPMessage::HTTP_1_0);
            net::HTTPServerRequestImpl request(wire, session, shared_.params.get()); // reads the checked head
            Incoming body;
            body.length = head.content_length;
            body.whole = [this] { return guard_->is_whole(); };
            body.broken = [this] { return guard_->is_broken(); };
            body.timed_out = [this] { return guard_->timed_out(); };
            body.has_left = [this] { return guard_->has_left(); };
            body.begin_work = [this] { return shared_.door.begins_work(handle_); };
            body.open = [&]() -> std::istream& {
                if (head.expects_continue) wire.sendContinue();
                return request.stream();
            };
            auto answer = shared_.gateway.answer(head, address_, body);
            if (answer.nobody_hears) return false;
            if (shared_.stopping) answer.close = true;
            wire.setDate(Poco::Timestamp());
            wire.setKeepAlive(!answer.close);
            send(wire, answer, shared_.app.config);
            listener = std::move(answer.listener);
            watches = std::move(answer.watches);
            ticket = std::move(answer.ticket);
            if (listener) {
                std::ostringstream text;
                wire.write(text);
                session.socket().sendBytes(text.str().data(), static_cast<int>(text.str().size()));
            }
            cut = !body.finished && body.length != 0;
            go_on = !answer.close && !listener;
        } // the answer is flushed here
        if (listener) {
            shared_.live.add(session.detachSocket(), {listener->person.id, listener->session, watches},
                             std::move(ticket));
            return false;
        }
        if (cut) guard_->linger(linger_bytes_max);
        return go_on;
    }

    Shared shared_;
    Poco::AutoPtr<GuardedSocket> guard_;
    std::string address_;
    const int handle_;
    bool left_ = false;
};

} // namespace

class Server::Impl {
  public:
    Impl(App& app, Site site, const ServerLimits& limits)
        : app_(app), limits_(limits), live_(app, limits.live), gateway_(app, std::move(site), live_, limits_),
          params_(new net::HTTPServerParams), door_(limits_),
          pool_("http", 4, limits.connections_max + threads_of_those_shown_out) {
        params_->setKeepAlive(true);
        params_->setMaxKeepAliveRequests(0); // no limit
        params_->setTimeout(Poco::Timespan(10, 0));
    }

    void start() {
        remove_old_temp_files(app_.config.data_dir);
        try {
            listening_.bind(net::SocketAddress(app_.config.host, static_cast<Poco::UInt16>(app_.config.port)), true,
                            false);
            listening_.listen(256);
        } catch (const Poco::Exception& error) {
            throw std::runtime_error("can't listen on " + app_.config.host + ":" + std::to_string(app_.config.port) +
                                     ": " + error.displayText());
        }
        port_ = listening_.address().port();
        watch();
        live_.start();
        acceptor_ = std::thread([this] { accept(); });
    }

    int port() const { return port_; }

    void stop() {
        if (stopping_.exchange(true)) return;
        if (acceptor_.joinable()) acceptor_.join();
        live_.stop();
        pool_.joinAll(); // idle connections see `stopping_` within a moment; the others end by their deadlines
        watches_.clear();
    }

  private:
    static constexpr int threads_of_those_shown_out = 128; // they end within a moment; many may come at once

    void watch() {
        const auto number = [this](const char* name, const char* help, std::function<double()> ask) {
            watches_.push_back(app_.metrics.watch(name, help, std::move(ask)));
        };
        number("cunmai_http_connections", "Open connections, without live events",
               [this] { return static_cast<double>(door_.counts().inside); });
        number("cunmai_http_connections_working", "Connections with a request under way",
               [this] { return static_cast<double>(door_.counts().busy); });
        number("cunmai_http_connections_shown_out", "Silent connections that made room for others, so far",
               [this] { return static_cast<double>(door_.counts().shown_out); });
        number("cunmai_http_waiting", "Requests that wait for a thread", [this] { return gateway_.waiting(); });
        number("cunmai_live_streams", "Open pages that hear live events",
               [this] { return static_cast<double>(live_.size()); });
        number("cunmai_commands_waiting", "Commands that wait for the database",
               [this] { return static_cast<double>(app_.database.waiting()); });
    }

    void accept() {
        while (accept_one(Poco::Timespan(0, 200'000)) || !stopping_) turned_away_.sweep();
        listening_.close(); // all connections that had arrived were taken
    }

    bool accept_one(const Poco::Timespan& patience) {
        try {
            if (!listening_.poll(stopping_ ? Poco::Timespan() : patience, net::Socket::SELECT_READ)) return false;
            return take_one();
        } catch (const Poco::Exception& error) { // too many open files: wait until others have ended
            log::error("accept", {{"what", error.displayText()}});
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            return false;
        }
    }

    bool take_one() {
        const int handle = ::accept4(static_cast<int>(listening_.impl()->sockfd()), nullptr, nullptr, SOCK_CLOEXEC);
        if (handle < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                throw Poco::IOException("too many connections");
            return false;
        }
        GuardedSocket::Limits limits;
        limits.idle = limits_.idle, limits.head = limits_.head, limits.body = limits_.body,
        limits.answer = limits_.answer, limits.stopping = limits_.stopping;
        Poco::AutoPtr<GuardedSocket> guard(new GuardedSocket(handle, limits, stopping_));
        std::string address;
        try {
            address = guard->peerAddress().host().toString();
        } catch (const Poco::Exception&) { return true; } // the client has hung up again
        switch (door_.enter(handle, address)) {
        case Door::Verdict::in: break;
        case Door::Verdict::address_full: turn_away(guard, "address"); return true;
        case Door::Verdict::full: turn_away(guard, "all"); return true;
        }
        auto connection =
            std::make_unique<Connection>(Shared{app_, gateway_, live_, door_, params_, stopping_}, guard, address);
        try {
            pool_.start(*connection);
            static_cast<void>(connection.release()); // it deletes itself
        } catch (const Poco::NoThreadAvailableException&) {
            door_.leave(handle);
            turn_away(guard, "all");
        }
        return true;
    }

    void turn_away(Poco::AutoPtr<GuardedSocket>& guard, const char* why) {
        app_.metrics.connection_refused(why);
        ++turned_away_count_;
        if (const auto now = std::chrono::steady_clock::now(); now - told_at_ > std::chrono::seconds(1)) {
            log::warning("connections_turned_away", {{"count", turned_away_count_}, {"reason", why}});
            turned_away_count_ = 0, told_at_ = now;
        }
        auto answer = gateway_.turned_away();
        turned_away_.add(net::StreamSocket(guard.duplicate()), as_text(answer, app_.config));
    }

    App& app_;
    ServerLimits limits_;
    std::atomic<bool> stopping_{false};
    Live live_;
    Gateway gateway_;
    net::HTTPServerParams::Ptr params_;
    Door door_;
    Poco::ThreadPool pool_;
    net::ServerSocket listening_;
    std::thread acceptor_;
    TurnedAway turned_away_;    // used by the acceptor only
    int turned_away_count_ = 0; // used by the acceptor only: number since the last line in the log
    std::chrono::steady_clock::time_point told_at_{};
    std::vector<Metrics::Watch> watches_;
    int port_ = 0;
};

Server::Server(App& app, Site site) : Server(app, std::move(site), limits_of(app.config)) {}
Server::Server(App& app, Site site, const ServerLimits& limits)
    : impl_(std::make_unique<Impl>(app, std::move(site), limits)) {}
Server::~Server() { stop(); }
void Server::start() { impl_->start(); }
int Server::port() const { return impl_->port(); }
void Server::stop() { impl_->stop(); }

} // namespace cunmai::http
