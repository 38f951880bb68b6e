// The nodes of one database address, and which of them to use now. A thread for each node asks it how it is, twice a
// second, with short time-outs: a node that refuses is bad at once, one that is silent after two questions (4 s).
//
// A node is healthy when it answers, keeps what it acknowledges (innodb_flush_log_at_trx_commit = 1), and, in a Galera
// cluster, is Synced, ready and in the primary component. All servers write to one node, the first healthy one in the
// order of the address. When it turns bad, everything that waits for it is cut off and the next healthy node becomes
// the writer. An earlier node becomes the writer again only after 30 s of health, so that the writer does not flap and
// all servers agree on it. Two writers for a moment are harmless: what a command relies on is compared when it is
// written, and the cluster certifies it.
//
// Thread-safe. db/ only.
#pragma once

#include "db/kernel/sql_errors.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cunmai::db {

class Nodes {
  public:
    using Number = std::size_t; // position in the address
    using Clock = std::chrono::steady_clock;

    // There is one object for each address in this process, so that all sessions agree on the writer. `lines` come from
    // soci_parameters.
    static std::shared_ptr<Nodes> of(const std::string& lines);
    explicit Nodes(const std::string& lines);
    ~Nodes();
    Nodes(const Nodes&) = delete;
    Nodes& operator=(const Nodes&) = delete;

    // Waits at most `patience` while a node may soon become healthy, but not for a dead or frozen one. Throws
    // StoreUnavailable, which says what is wrong with each node.
    Number writer(std::chrono::milliseconds patience);
    Number reader(std::chrono::milliseconds patience); // a healthy node other than the writer, if there is one
    bool is_healthy(Number node) const;
    // A session with the node broke: the node does not count as healthy until it has answered again.
    void doubt(Number node);
    std::size_t size() const { return nodes_.size(); }
    const std::string& parameters(Number node) const { return nodes_[node]->parameters; }

    struct Switch {
        std::string from, to, why; // names as in the address
    };
    struct Listener { // its functions are called from other threads, one at a time
        std::function<void(Number)> turned_bad{};
        std::function<void(const Switch&)> switched{}; // another node is the writer
    };
    // Listens as long as this object lives.
    class Subscription {
      public:
        Subscription(Nodes& nodes, Listener listener);
        ~Subscription();
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;

      private:
        Nodes& nodes_;
    };

    struct Look { // the state of one node
        std::string name;
        std::string what; // what is wrong; empty when nothing is
    };
    std::vector<Look> all(std::chrono::milliseconds patience); // asks all nodes now and waits for their answers

    struct Health { // a node's answer
        bool good = false;
        bool silent = false;   // it did not answer in time
        bool may_come = false; // it answers, but is not ready yet
        std::string what;      // what is wrong
    };

  private:
    struct Node {
        std::string name, parameters;
        bool known = false; // it has answered, or failed to, at least once
        Health health;
        Clock::time_point healthy_since{};
        std::uint64_t asked = 1, answered = 0; // numbers of the last question and of the last answered one
        bool in_doubt() const { return asked != answered; }
        std::thread thread;
    };
    static constexpr Number none = static_cast<Number>(-1);

    void watch(Number number);
    void learn(Number number, const Health& health, std::uint64_t question);
    std::optional<Switch> choose(); // REQUIRES: mutex_ is locked
    void choose_writer();           // REQUIRES: mutex_ is locked
    bool worth_waiting() const;     // REQUIRES: mutex_ is locked
    std::string complaint() const;  // REQUIRES: mutex_ is locked

    std::vector<std::unique_ptr<Node>> nodes_;
    mutable std::mutex mutex_; // guards what the nodes know, writer_, stopping_
    std::condition_variable learned_, wanted_;
    Number writer_ = none, last_writer_ = none; // the present writer, or none; and the last that was not none
    bool stopping_ = false;
    std::mutex subscribers_mutex_;
    std::map<Subscription*, Listener> subscribers_;
};

} // namespace cunmai::db
