// The nodes of one database address, and which of them to use now. A thread for each node asks it how it is, twice a
// second, with short time-outs: a node that refuses is bad at once, one that is silent after two questions (4 s).
//
// A node is healthy when it answers, keeps what it acknowledges (innodb_flush_log_at_trx_commit = 1), and, in a Galera
// cluster, is Synced, ready and in the primary component. Everybody
// writes to one node: the first healthy one in the address's order. When it turns bad, everything waiting for it is cut
// off and the next healthy one is the writer; an earlier node becomes it again only after 30 s of health, so that the
// writer does not flap and all servers end up with the same one. Two writers for a moment are harmless: what a command
// relies on is compared when it is written, and certified by the cluster.
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

    // One for each address in this process: all its sessions agree on the writer. `lines` as of soci_parameters.
    static std::shared_ptr<Nodes> of(const std::string& lines);
    explicit Nodes(const std::string& lines);
    ~Nodes();
    Nodes(const Nodes&) = delete;
    Nodes& operator=(const Nodes&) = delete;

    // Waits while a node may soon become healthy, at most so long: not for one that is dead or frozen. Throws
    // StoreUnavailable that says what each lacks.
    Number writer(std::chrono::milliseconds patience);
    Number reader(std::chrono::milliseconds patience); // a healthy one that is not the writer, if there is one
    bool is_healthy(Number node) const;
    // A session of the node broke: what was known of it is not believed until it has answered again.
    void doubt(Number node);
    std::size_t size() const { return nodes_.size(); }
    const std::string& parameters(Number node) const { return nodes_[node]->parameters; }

    struct Switch {
        std::string from, to, why; // names as in the address
    };
    struct Listener { // called from other threads, one call at a time
        std::function<void(Number)> turned_bad{};
        std::function<void(const Switch&)> switched{}; // the writer
    };
    // Until the token is gone.
    class Subscription {
      public:
        Subscription(Nodes& nodes, Listener listener);
        ~Subscription();
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;

      private:
        Nodes& nodes_;
    };

    struct Look { // at one node
        std::string name;
        std::string what; // is wrong; empty: nothing
    };
    std::vector<Look> all(std::chrono::milliseconds patience); // as each answers now; waits for their answers

    struct Health { // a node's answer
        bool good = false;
        bool silent = false;   // it did not answer in time
        bool may_come = false; // it answers, but is not ready yet
        std::string what;      // is wrong
    };

  private:
    struct Node {
        std::string name, parameters;
        bool known = false; // it was asked before
        Health health;
        Clock::time_point healthy_since{};
        std::uint64_t asked = 1, answered = 0; // questions; what was asked later than the last answer is open
        bool in_doubt() const { return asked != answered; }
        std::thread thread;
    };
    static constexpr Number none = static_cast<Number>(-1);

    void watch(Number number);
    void learn(Number number, const Health& health, std::uint64_t question);
    std::optional<Switch> choose(); // with the mutex
    void choose_writer();           // the same
    bool worth_waiting() const;     // with the mutex
    std::string complaint() const;  // with the mutex

    std::vector<std::unique_ptr<Node>> nodes_;
    mutable std::mutex mutex_; // guards what the nodes know, writer_, stopping_
    std::condition_variable learned_, wanted_;
    Number writer_ = none, last_writer_ = none; // the latter: the last there was
    bool stopping_ = false;
    std::mutex subscribers_mutex_;
    std::map<Subscription*, Listener> subscribers_;
};

} // namespace cunmai::db
