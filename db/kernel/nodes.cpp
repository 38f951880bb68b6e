#include "db/kernel/nodes.hpp"

#include "db/kernel/dialect.hpp"

#include <soci/mysql/soci-mysql.h>

#include <sstream>

namespace cunmai::db {

namespace {

using namespace std::chrono_literals;

constexpr auto asked_every = 500ms;
constexpr auto answer_within = 2s;
constexpr auto stable_after = 30s;

// The session through which one node is asked. Kept while it answers.
class Questions {
  public:
    explicit Questions(const std::string& parameters)
        : parameters_(parameters + " connect_timeout=2 read_timeout=2 write_timeout=2") {}

    Nodes::Health ask() {
        const bool was_open = session_.has_value();
        auto health = ask_once();
        // The session may only have outlived a restart of its server: what counts is whether a new one is answered.
        const bool broke = was_open && !session_ && !health.silent;
        return broke ? ask_once() : health;
    }

  private:
    Nodes::Health ask_once() {
        const auto start = Nodes::Clock::now();
        try {
            if (!session_) open();
            return is_cluster_ ? ask_cluster() : alone();
        } catch (const std::exception& error) {
            session_.reset();
            Nodes::Health health;
            health.silent = Nodes::Clock::now() - start >= answer_within - 300ms;
            health.what = health.silent ? "does not answer" : reason_of(error);
            return health;
        }
    }

    void open() {
        session_.emplace(soci::mysql, parameters_);
        is_cluster_ = variable("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'") == "ON";
        if (is_cluster_) *session_ << "SET SESSION wsrep_sync_wait = 0"; // an answer must not wait for other nodes
    }

    std::string variable(const char* question) {
        std::string name, value;
        *session_ << question, soci::into(name), soci::into(value);
        return value;
    }

    Nodes::Health alone() {
        std::string name, value, read_only, flush;
        soci::statement statement = (session_->prepare << "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', "
                                                          "'innodb_flush_log_at_trx_commit')",
                                     soci::into(name), soci::into(value));
        for (bool more = statement.execute(true); more; more = statement.fetch())
            (name == "read_only" ? read_only : flush) = value;
        if (read_only != "OFF") return not_ready("is read-only");
        if (flush != "1")
            return not_ready("may lose commits (innodb_flush_log_at_trx_commit is " + flush + " instead of 1)");
        return good();
    }

    Nodes::Health ask_cluster() {
        std::string name, value, ready, state, comment, cluster;
        soci::statement statement =
            (session_->prepare << "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_local_state', "
                                  "'wsrep_local_state_comment', 'wsrep_cluster_status')",
             soci::into(name), soci::into(value));
        for (bool more = statement.execute(true); more; more = statement.fetch()) {
            if (name == "wsrep_ready") ready = value;
            if (name == "wsrep_local_state") state = value;
            if (name == "wsrep_local_state_comment") comment = value;
            if (name == "wsrep_cluster_status") cluster = value;
        }
        if (cluster != "Primary") return not_ready("is not in the primary component of its cluster");
        if (ready != "ON") return not_ready("is not ready (wsrep_ready " + ready + ')');
        if (state != "4") return not_ready("is not Synced but " + comment);
        return alone();
    }

    static Nodes::Health good() {
        Nodes::Health health;
        health.good = true;
        return health;
    }

    static Nodes::Health not_ready(std::string what) {
        Nodes::Health health;
        health.may_come = true;
        health.what = std::move(what);
        return health;
    }

    std::string parameters_;
    std::optional<soci::session> session_;
    bool is_cluster_ = false;
};

} // namespace

std::shared_ptr<Nodes> Nodes::of(const std::string& lines) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<Nodes>> all;
    const std::lock_guard lock(mutex);
    std::erase_if(all, [](const auto& entry) { return entry.second.expired(); });
    auto& known = all[lines];
    auto nodes = known.lock();
    if (!nodes) known = nodes = std::make_shared<Nodes>(lines);
    return nodes;
}

Nodes::Nodes(const std::string& lines) {
    std::istringstream text(lines);
    for (std::string line; std::getline(text, line);) {
        auto& node = nodes_.emplace_back(std::make_unique<Node>());
        node->name = line.substr(0, line.find(" db="));
        node->parameters = line;
    }
    for (Number number = 0; number < nodes_.size(); ++number)
        nodes_[number]->thread = std::thread([this, number] { watch(number); });
}

Nodes::~Nodes() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wanted_.notify_all();
    for (auto& node : nodes_) node->thread.join(); // at most as long as a silent node's question
}

void Nodes::watch(Number number) {
    auto& node = *nodes_[number];
    Questions questions(node.parameters);
    int silences = 0;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto question = node.asked;
        lock.unlock();
        auto health = questions.ask();
        silences = health.silent ? silences + 1 : 0;
        // The first silence may be a busy moment: it is asked again at once, through a new session.
        const bool undecided = silences == 1;
        if (!undecided) learn(number, health, question);
        lock.lock();
        if (!undecided) wanted_.wait_for(lock, asked_every, [&] { return stopping_ || node.asked != question; });
    }
}

void Nodes::learn(Number number, const Health& health, std::uint64_t question) {
    bool turned_bad = false;
    std::optional<Switch> switched;
    {
        const std::lock_guard lock(mutex_);
        auto& node = *nodes_[number];
        turned_bad = node.known && node.health.good && !health.good;
        if (health.good && !node.health.good) node.healthy_since = Clock::now();
        node.health = health;
        node.known = true;
        node.answered = question;
        switched = choose();
    }
    learned_.notify_all();
    if (!turned_bad && !switched) return;
    const std::lock_guard lock(subscribers_mutex_);
    for (const auto& [who, listener] : subscribers_) {
        if (turned_bad && listener.turned_bad) listener.turned_bad(number);
        if (switched && listener.switched) listener.switched(*switched);
    }
}

// Keeps the writer while it is healthy and no earlier node has been so for long enough.
std::optional<Nodes::Switch> Nodes::choose() {
    const auto before = last_writer_;
    choose_writer();
    if (writer_ != none) last_writer_ = writer_;
    if (before == none || last_writer_ == before) return std::nullopt;
    const auto& left = *nodes_[before];
    return Switch{left.name, nodes_[writer_]->name,
                  left.health.good ? "comes first in the address and is well again" : left.health.what};
}

void Nodes::choose_writer() {
    const auto stable = [now = Clock::now()](const Node& node) {
        return node.health.good && now - node.healthy_since >= stable_after;
    };
    const bool keep = writer_ != none && nodes_[writer_]->health.good;
    for (Number number = 0; number < (keep ? writer_ : nodes_.size()); ++number)
        if (stable(*nodes_[number])) {
            writer_ = number;
            return;
        }
    if (keep) return;
    writer_ = none;
    for (Number number = 0; number < nodes_.size(); ++number) {
        if (!nodes_[number]->known) return; // a preferred node has not answered yet
        if (nodes_[number]->health.good) {
            writer_ = number;
            return;
        }
    }
}

bool Nodes::worth_waiting() const {
    for (const auto& node : nodes_)
        if (!node->known || node->in_doubt() || node->health.good || node->health.may_come) return true;
    return false;
}

std::string Nodes::complaint() const {
    std::string text = "no database node is healthy";
    for (const auto& node : nodes_)
        text += "; " + node->name + ' ' + (node->known ? node->health.what : "has not answered yet");
    return text;
}

Nodes::Number Nodes::writer(std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    std::unique_lock lock(mutex_);
    if (writer_ == none) { // ask all of them now: one may just have come back
        for (auto& node : nodes_) ++node->asked;
        wanted_.notify_all();
    }
    std::vector<std::uint64_t> asked; // answers to later doubts are for others to wait for
    for (const auto& node : nodes_) asked.push_back(node->asked);
    const auto settled = [&] { return writer_ != none && nodes_[writer_]->answered >= asked[writer_]; };
    learned_.wait_until(lock, deadline, [&] { return settled() || !worth_waiting(); });
    if (!settled()) throw engine::StoreUnavailable(complaint());
    return writer_;
}

Nodes::Number Nodes::reader(std::chrono::milliseconds patience) {
    const auto writing = writer(patience);
    const std::lock_guard lock(mutex_);
    for (Number number = nodes_.size(); number-- > 0;) // the last is the least likely to become the writer
        if (number != writing && nodes_[number]->health.good && !nodes_[number]->in_doubt()) return number;
    return writing;
}

std::vector<Nodes::Look> Nodes::all(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    std::vector<std::uint64_t> asked;
    for (auto& node : nodes_) asked.push_back(++node->asked);
    wanted_.notify_all();
    learned_.wait_for(lock, patience, [&] {
        for (Number number = 0; number < nodes_.size(); ++number)
            if (nodes_[number]->answered < asked[number]) return false;
        return true;
    });
    std::vector<Look> looks;
    for (Number number = 0; number < nodes_.size(); ++number) {
        const auto& node = *nodes_[number];
        looks.push_back({node.name, node.answered < asked[number] ? "does not answer" : node.health.what});
    }
    return looks;
}

bool Nodes::is_healthy(Number node) const {
    const std::lock_guard lock(mutex_);
    return nodes_[node]->health.good && !nodes_[node]->in_doubt();
}

void Nodes::doubt(Number number) {
    const std::lock_guard lock(mutex_);
    ++nodes_[number]->asked;
    wanted_.notify_all();
}

Nodes::Subscription::Subscription(Nodes& nodes, Listener listener) : nodes_(nodes) {
    const std::lock_guard lock(nodes_.subscribers_mutex_);
    nodes_.subscribers_[this] = std::move(listener);
}

Nodes::Subscription::~Subscription() {
    const std::lock_guard lock(nodes_.subscribers_mutex_);
    nodes_.subscribers_.erase(this);
}

} // namespace cunmai::db
