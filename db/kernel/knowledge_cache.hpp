// What commands ask again and again and what rarely changes: grants, delegations, interests, rules. Remembered under
// the name that the database gives to its present state (Connection::knowledge_name): whoever changes these tables, on
// any server, changes the name in the same transaction, so that nothing old is ever taken for new. Thread-safe. db/
// only.
#pragma once

#include "db/kernel/connection.hpp"

#include <any>
#include <mutex>
#include <unordered_map>

namespace cunmai::db {

class KnowledgeCache {
  public:
    template <class T> T get(const std::string& name, std::string key, const std::function<T()>& read) {
        {
            const std::lock_guard lock(mutex_);
            if (name != name_ || known_.size() >= known_max) {
                known_.clear();
                name_ = name;
            }
            if (const auto found = known_.find(key); found != known_.end())
                return std::any_cast<const T&>(found->second);
        }
        T value = read();
        const std::lock_guard lock(mutex_);
        if (name == name_) known_[std::move(key)] = value;
        return value;
    }

  private:
    static constexpr std::size_t known_max = 20'000;

    std::mutex mutex_;
    std::string name_;
    std::unordered_map<std::string, std::any> known_;
};

} // namespace cunmai::db
