// A cache of documents that this process has read. Their content never changes, and one that was uploaded lately or
// that a case names is not removed, so that a command which names one need not ask the database again. Only committed
// documents may be put in, that is, documents read outside of a write. Thread-safe. db/ only.
#pragma once

#include "engine/time.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace cunmai::db {

class KnownDocuments {
  public:
    // A case names it: it stays.
    void add_linked(const std::string& sha256) { add_until(sha256, std::numeric_limits<std::int64_t>::max()); }
    // Somebody uploaded it: it stays for a day (Documents::remove_unused), of which an hour is kept for clocks that
    // differ and commands that take long.
    void add_uploaded(const std::string& sha256, engine::Instant at) {
        constexpr std::int64_t surely_there_seconds = 23 * 60 * 60;
        add_until(sha256, at.plus_seconds(surely_there_seconds).micros);
    }

    void keep_content(const std::string& sha256, const std::string& content) {
        if (content.size() > content_bytes_max) return;
        change(sha256, [&](Known& known) {
            if (!known.content) bytes_ += content.size();
            known.content = content;
        });
    }

    bool has(const std::string& sha256, engine::Instant now) const {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(sha256);
        return found != known_.end() && now.micros < found->second.until;
    }

    std::optional<std::string> content(const std::string& sha256, engine::Instant now) const {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(sha256);
        return found == known_.end() || now.micros >= found->second.until ? std::nullopt : found->second.content;
    }

  private:
    struct Known {
        std::optional<std::string> content;
        std::int64_t until = 0;
    };

    void add_until(const std::string& sha256, std::int64_t until) {
        change(sha256, [&](Known& known) { known.until = std::max(known.until, until); });
    }

    template <class Change> void change(const std::string& sha256, Change change) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= known_max || bytes_ >= bytes_max) {
            known_.clear();
            bytes_ = 0;
        }
        change(known_[sha256]);
    }

    static constexpr std::size_t known_max = 20'000, content_bytes_max = 256 * 1024, bytes_max = 8 * 1024 * 1024;

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Known> known_;
    std::size_t bytes_ = 0;
};

} // namespace cunmai::db
