// Documents that this process has read: their content never changes and none is ever deleted, so that a command that
// names one need not ask again. What is said here must have been committed: read outside of a write. Thread-safe. db/
// only.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace cunmai::db {

class KnownDocuments {
  public:
    void add(const std::string& sha256) {
        change(sha256, [](Known&) {});
    }

    void keep_content(const std::string& sha256, const std::string& content) {
        if (content.size() > content_bytes_max) return;
        change(sha256, [&](Known& known) {
            if (!known.content) bytes_ += content.size();
            known.content = content;
        });
    }

    bool has(const std::string& sha256) const {
        const std::lock_guard lock(mutex_);
        return known_.contains(sha256);
    }

    std::optional<std::string> content(const std::string& sha256) const {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(sha256);
        return found == known_.end() ? std::nullopt : found->second.content;
    }

  private:
    struct Known {
        std::optional<std::string> content;
    };

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
