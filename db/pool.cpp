#include "db/pool.hpp"

namespace cunmai::db {

Pool::Lease Pool::take() {
    std::unique_lock lock(mutex_);
    const auto patience = std::chrono::milliseconds(target_.busy_timeout_ms);
    if (!freed_.wait_for(lock, patience, [&] { return !idle_.empty() || open_ < size_; }))
        throw engine::StoreUnavailable("every database session stayed busy");
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(connection)};
    }
    ++open_;
    lock.unlock();
    try {
        return {*this, std::make_unique<Connection>(target_)};
    } catch (...) {
        lock.lock();
        --open_;
        freed_.notify_one();
        throw;
    }
}

void Pool::forget_idle() {
    std::vector<std::unique_ptr<Connection>> gone;
    {
        const std::lock_guard lock(mutex_);
        gone.swap(idle_);
        open_ -= static_cast<int>(gone.size());
    }
    freed_.notify_all();
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    if (connection->broken()) connection.reset(); // closed outside the lock
    const std::lock_guard lock(mutex_);
    if (connection)
        idle_.push_back(std::move(connection));
    else
        --open_;
    freed_.notify_one();
}

} // namespace cunmai::db
