#include "adapters/http/server.hpp"

#include "adapters/http/guarded_socket.hpp"
#include "adapters/http/send.hpp"
#include "adapters/log.hpp"

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

#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cunmai::http {

namespace {

namespace net = Poco::Net;

constexpr std::int64_t linger_bytes_max = 32 << 20;

// How many connections each address has.
class Counts {
  public:
    bool enter(const std::string& address, int max) {
        std::lock_guard lock(mutex_);
        const bool loopback = address == "127.0.0.1" || address == "::1"; // a reverse proxy speaks for many
        if (!loopback && counts_[address] >= max) return false;
        ++counts_[address];
        return true;
    }
    void leave(const std::string& address) {
        std::lock_guard lock(mutex_);
        const auto found = counts_.find(address);
        if (found != counts_.end() && --found->second <= 0) counts_.erase(found);
    }

  private:
    std::mutex mutex_;
    std::map<std::string, int> counts_;
};

struct Shared { // by all connections
    App& app;
    Gateway& gateway;
    Live& live;
    Counts& counts;
    net::HTTPServerParams::Ptr params;
};

// One connection: request after request, until one of us wants no more.
class Connection final : public Poco::Runnable {
  public:
    Connection(Shared shared, Poco::AutoPtr<GuardedSocket> guard, std::string address)
        : shared_(std::move(shared)), guard_(std::move(guard)), address_(std::move(address)) {}

    void run() override { // deletes itself: nobody else holds it
        const std::unique_ptr<Connection> self(this);
        try {
            serve();
        } catch (const Poco::Exception&) { // the network: the client went away
        } catch (const std::exception& error) { log::error("connection", {{"what", error.what()}}); }
        shared_.counts.leave(address_);
    }

  private:
    void serve() {
        net::StreamSocket socket(guard_.duplicate());
        socket.setNoDelay(true);
        net::HTTPServerSession session(socket, shared_.params);
        for (;;) {
            auto next = guard_->next_head();
            if (std::holds_alternative<GuardedSocket::Closed>(next)) return;
            if (const auto* fault = std::get_if<Fault>(&next)) return refuse(session, *fault);
            if (!serve_one(session, std::get<Head>(next))) return;
        }
    }

    void refuse(net::HTTPServerSession& session, const Fault& fault) {
        net::HTTPServerResponseImpl wire(session);
        wire.setVersion(net::HTTPMessage::HTTP_1_1);
        wire.setDate(Poco::Timestamp());
        auto answer = shared_.gateway.fault(fault);
        send(wire, answer, shared_.app.config);
        guard_->linger(linger_bytes_max);
    }

    bool serve_one(net::HTTPServerSession& session, const Head& head) { // true: the connection goes on
        bool go_on = false, cut = false;
        std::optional<Officer> listener;
        {
            net::HTTPServerResponseImpl wire(session);
            net::HTTPServerRequestImpl request(wire, session, shared_.params.get()); // reads the head that was vetted
            Incoming body;
            body.length = head.content_length;
            body.timed_out = [this] { return guard_->timed_out(); };
            body.open = [&]() -> std::istream& {
                if (head.expects_continue) wire.sendContinue();
                return request.stream();
            };
            auto answer = shared_.gateway.answer(head, address_, body);
            wire.setVersion(head.http11 ? net::HTTPMessage::HTTP_1_1 : net::HTTPMessage::HTTP_1_0);
            wire.setDate(Poco::Timestamp());
            wire.setKeepAlive(!answer.close);
            send(wire, answer, shared_.app.config);
            listener = std::move(answer.listener);
            if (listener) {
                std::ostringstream text;
                wire.write(text);
                session.socket().sendBytes(text.str().data(), static_cast<int>(text.str().size()));
            }
            cut = !body.finished && head.content_length > 0;
            go_on = !answer.close && !listener;
        } // the answer is flushed here
        if (listener) {
            shared_.live.add(session.detachSocket(), listener->person.id, listener->session);
            return false;
        }
        if (cut) guard_->linger(linger_bytes_max);
        return go_on;
    }

    Shared shared_;
    Poco::AutoPtr<GuardedSocket> guard_;
    std::string address_;
};

} // namespace

class Server::Impl {
  public:
    Impl(App& app, std::vector<Route> routes, const ServerLimits& limits)
        : app_(app), limits_(limits), live_(app), gateway_(app, std::move(routes), live_),
          params_(new net::HTTPServerParams), pool_("http", 4, limits.connections_max) {
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
        live_.start();
        acceptor_ = std::thread([this] { accept(); });
    }

    int port() const { return port_; }

    void stop() {
        if (stopping_.exchange(true)) return;
        if (acceptor_.joinable()) acceptor_.join();
        listening_.close();
        live_.stop();
        pool_.joinAll(); // idle connections see `stopping_` within a moment; the others end by their deadlines
    }

  private:
    void accept() {
        while (!stopping_) {
            try {
                if (listening_.poll(Poco::Timespan(0, 200'000), net::Socket::SELECT_READ)) take_one();
            } catch (const Poco::Exception& error) { // too many open files: let others end
                log::error("accept", {{"what", error.displayText()}});
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
    }

    void take_one() {
        const int handle = ::accept4(static_cast<int>(listening_.impl()->sockfd()), nullptr, nullptr, SOCK_CLOEXEC);
        if (handle < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                throw Poco::IOException("too many connections");
            return;
        }
        GuardedSocket::Limits limits;
        limits.idle = limits_.idle, limits.head = limits_.head, limits.body = limits_.body,
        limits.answer = limits_.answer;
        Poco::AutoPtr<GuardedSocket> guard(new GuardedSocket(handle, limits, stopping_));
        const auto address = guard->peerAddress().host().toString();
        if (!counts_.enter(address, limits_.connections_per_address_max)) return; // closed
        auto connection = std::make_unique<Connection>(Shared{app_, gateway_, live_, counts_, params_}, guard, address);
        try {
            pool_.start(*connection);
            static_cast<void>(connection.release()); // it deletes itself
        } catch (const Poco::NoThreadAvailableException&) {
            counts_.leave(address);
            static constexpr std::string_view busy =
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nCache-Control: "
                "no-store\r\nX-Content-Type-Options: nosniff\r\n"
                "Content-Length: 0\r\nConnection: close\r\n\r\n";
            static_cast<void>(::send(handle, busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
        }
    }

    App& app_;
    ServerLimits limits_;
    std::atomic<bool> stopping_{false};
    Live live_;
    Gateway gateway_;
    net::HTTPServerParams::Ptr params_;
    Counts counts_;
    Poco::ThreadPool pool_;
    net::ServerSocket listening_;
    std::thread acceptor_;
    int port_ = 0;
};

Server::Server(App& app, std::vector<Route> routes, ServerLimits limits)
    : impl_(std::make_unique<Impl>(app, std::move(routes), limits)) {}
Server::~Server() { stop(); }
void Server::start() { impl_->start(); }
int Server::port() const { return impl_->port(); }
void Server::stop() { impl_->stop(); }

} // namespace cunmai::http
