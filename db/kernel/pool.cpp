#include "db/kernel/pool.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace cunmai::db {

namespace {

// How long a caller waits for a healthy node: a cluster needs some seconds to be sure that a node has left it.
constexpr auto take_over_patience = std::chrono::seconds(8);
// A dead or frozen node is found by Nodes; these are for a statement that hangs in a node that answers.
constexpr auto usual_time_outs = " connect_timeout=3 read_timeout=20 write_timeout=20";
constexpr auto long_time_outs = " connect_timeout=3 read_timeout=3600 write_timeout=60";

} // namespace

// A session, and where it leads.
class Pool::Session {
  public:
    Session(Nodes::Number node, bool for_long_work) : node_(node), for_long_work_(for_long_work) {}
    ~Session() {
        connection_.reset();
        if (socket_ >= 0) ::close(socket_);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void open(const Connection::Target& target) { connection_ = std::make_unique<Connection>(target); }
    // Of our own: the client library may close its descriptor, and the system give its number to another, at any time.
    void keep_socket(int socket) { socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0); }
    void cut() {
        if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }
    Nodes::Number node() const { return node_; }
    bool for_long_work() const { return for_long_work_; }
    Connection& connection() const { return *connection_; }

  private:
    const Nodes::Number node_;
    const bool for_long_work_;
    int socket_ = -1;
    std::unique_ptr<Connection> connection_;
};

Pool::Lease::Lease(Pool& pool, std::shared_ptr<Session> session)
    : pool_(pool), session_(std::move(session)), connection_(&session_->connection()) {}
Pool::Lease::~Lease() { pool_.give_back(std::move(session_)); }

Pool::Pool(Connection::Target target, int size)
    : target_(std::move(target)), size_(size),
      nodes_(target_.dialect == Dialect::mysql ? Nodes::of(target_.connect) : nullptr) {
    if (nodes_)
        subscription_ =
            std::make_unique<Nodes::Subscription>(*nodes_, Nodes::Listener{[this](auto node) { cut(node); }, {}});
}

Pool::~Pool() { subscription_.reset(); }

Pool::Lease Pool::take() {
    std::shared_ptr<Session> idle;
    {
        std::unique_lock lock(mutex_);
        const auto patience = std::chrono::milliseconds(target_.busy_timeout_ms);
        if (!freed_.wait_for(lock, patience, [&] { return !idle_.empty() || rooms_taken_ < size_; }))
            throw engine::StoreUnavailable("all " + std::to_string(size_) + " database sessions stayed busy for " +
                                           std::to_string(target_.busy_timeout_ms) +
                                           " ms: much to do, or the database is slow to answer");
        if (idle_.empty()) {
            ++rooms_taken_;
        } else { // its room is ours, whether or not the session will do
            idle = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    try {
        return {*this, open_somewhere(std::move(idle), false)};
    } catch (...) {
        leave_room();
        throw;
    }
}

Pool::Lease Pool::take_for_long_work() {
    if (!nodes_) return take();
    return {*this, open_somewhere(nullptr, true)};
}

std::shared_ptr<Pool::Session> Pool::open_somewhere(std::shared_ptr<Session> idle, bool for_long_work) {
    const auto forget = [this](std::shared_ptr<Session>& session) {
        {
            const std::lock_guard lock(mutex_);
            std::erase(all_, session);
        }
        session.reset();
    };
    if (!nodes_) return idle ? idle : open(0, for_long_work);
    const auto deadline = Nodes::Clock::now() + take_over_patience;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Nodes::Clock::now());
        Nodes::Number node = 0;
        try {
            node = target_.read_only ? nodes_->reader(left) : nodes_->writer(left);
        } catch (...) {
            if (idle) forget(idle);
            throw;
        }
        if (idle && idle->node() == node) return idle;
        if (idle) forget(idle);
        try {
            return open(node, for_long_work);
        } catch (const engine::StoreUnavailable&) {
            nodes_->doubt(node);
            if (Nodes::Clock::now() >= deadline) throw;
            if (nodes_->writer(take_over_patience) == node) throw; // it is well, only not for us
        }
    }
}

std::shared_ptr<Pool::Session> Pool::open(Nodes::Number node, bool for_long_work) {
    const auto session = std::make_shared<Session>(node, for_long_work);
    auto target = target_;
    if (nodes_) {
        target.connect = nodes_->parameters(node) + (for_long_work ? long_time_outs : usual_time_outs);
        target.for_long_work = for_long_work;
        target.opened = [this, opening = session.get()](int socket) {
            const std::lock_guard lock(mutex_);
            opening->keep_socket(socket);
        };
    }
    {
        const std::lock_guard lock(mutex_);
        all_.push_back(session);
    }
    try {
        session->open(target);
    } catch (...) {
        const std::lock_guard lock(mutex_);
        std::erase(all_, session);
        throw;
    }
    return session;
}

void Pool::forget_idle() {
    std::vector<std::shared_ptr<Session>> gone; // closed outside the lock
    {
        const std::lock_guard lock(mutex_);
        gone.swap(idle_);
        for (const auto& session : gone) std::erase(all_, session);
        rooms_taken_ -= static_cast<int>(gone.size());
    }
    freed_.notify_all();
    for (std::size_t i = 0; nodes_ && i < nodes_->size(); ++i) nodes_->doubt(i);
}

void Pool::give_back(std::shared_ptr<Session> session) {
    const bool keep = !session->connection().broken() && !session->for_long_work();
    const bool had_room = !session->for_long_work();
    {
        const std::lock_guard lock(mutex_);
        if (keep)
            idle_.push_back(session);
        else
            std::erase(all_, session);
    }
    session.reset(); // closed outside the lock
    if (keep)
        freed_.notify_one();
    else if (had_room)
        leave_room();
}

void Pool::leave_room() {
    {
        const std::lock_guard lock(mutex_);
        --rooms_taken_;
    }
    freed_.notify_one();
}

void Pool::cut(Nodes::Number node) {
    std::vector<std::shared_ptr<Session>> gone; // closed outside the lock
    {
        const std::lock_guard lock(mutex_);
        for (const auto& session : all_)
            if (session->node() == node) session->cut();
        const auto first = std::stable_partition(idle_.begin(), idle_.end(),
                                                 [&](const auto& session) { return session->node() != node; });
        gone.assign(std::make_move_iterator(first), std::make_move_iterator(idle_.end()));
        idle_.erase(first, idle_.end());
        for (const auto& session : gone) std::erase(all_, session);
        rooms_taken_ -= static_cast<int>(gone.size());
    }
    freed_.notify_all();
}

} // namespace cunmai::db
