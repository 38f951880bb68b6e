#include "tests/integration/cluster/tally.hpp"

#include "db/operations/migrations.hpp"
#include "engine/machine.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {

namespace {

using namespace engine;

struct Counting : State {
    static constexpr std::string_view key = "counting";
};
struct Clerk : Role {
    static constexpr std::string_view key = "clerk";
};
struct Begin : Command {
    static constexpr std::string_view key = "begin";
};
struct Count : Command {
    static constexpr std::string_view key = "count";
};
struct AddOne {
    static constexpr std::string_view key = "add_one";
    static void run(const Ask& ask, Decision& decision) {
        decision.facts = ask.facts;
        decision.facts["count"] = ask.facts.value("count", 0) + 1;
    }
};

struct Tally {
    static constexpr std::string_view key = "tally";
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    // clang-format off
    using transition_table = Table<
    //   in       , on    , go to    , given by  , do
    Row< NotOpened, Begin , Counting , By<Clerk> , Do<AddOne> >,
    Row< Counting , Count , Stays    , By<Clerk> , Do<AddOne> >
    >;
    // clang-format on
};

const Place office{"990100", "示例区", "", "district", "/990100/"};
const PersonId clerk{"clerk"};

CommandRequest command(const CaseId& id, std::int64_t version, const std::string& key) {
    CommandRequest request;
    request.case_id = id;
    request.expected_version = version;
    request.name = "count";
    request.actor = clerk;
    request.idempotency_key = key;
    return request;
}

Registry with_tally() {
    Registry registry;
    registry.add(tally());
    return registry;
}

} // namespace

bool eventually(const std::function<bool()>& condition, std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // between two questions
    }
    return true;
}

std::unique_ptr<Definition> tally() { return std::make_unique<MachineDefinition<Tally>>(); }

Server::Server(const std::string& url, const Clock& clock)
    : database({.url = url, .secret = "a secret of the test server"}, clock), registry_(with_tally()),
      roles_({{"clerk", RoleInfo::Kind::acts, "district"}}), service(database, registry_, roles_, clock, "secret") {}

void prepare_tally(Server& server) {
    db::migrate(server.database);
    db::Places(server.database).import({office}, false);
    db::Person person;
    person.id = clerk;
    person.login = "clerk";
    person.name = "示例";
    server.people.add(person);
    server.people.add_grant({"g1", clerk, "clerk", "", office.code, office.path, "", {1}, {"root"}});
}

CaseId open_tally(Server& server, const std::string& key) {
    CommandRequest request;
    request.definition = "tally";
    request.place_code = office.code;
    request.name = "begin";
    request.actor = clerk;
    request.idempotency_key = key;
    const auto outcome = server.service.execute(request);
    EXPECT_EQ(outcome.kind, Outcome::Kind::accepted);
    return outcome.case_id;
}

void count_once(Server& server, const CaseId& id, const std::string& key) {
    const auto outcome = server.service.execute(command(id, server.cases.row(id)->version, key));
    EXPECT_EQ(outcome.kind, Outcome::Kind::accepted);
}

Clients::Clients(std::vector<Server*> servers, std::vector<CaseId> cases, int threads)
    : servers_(std::move(servers)), cases_(std::move(cases)) {
    for (int number = 0; number < threads; ++number)
        threads_.emplace_back([this, number] { run(static_cast<std::size_t>(number)); });
}

Clients::~Clients() { stop(); }

void Clients::stop() {
    stopping_ = true;
    threads_.clear();
}

void Clients::run(std::size_t number) {
    auto& server = *servers_[number % servers_.size()];
    std::map<CaseId, std::int64_t> versions; // as last heard
    for (int round = 0; !stopping_; ++round) {
        const auto& id = cases_[(number + static_cast<std::size_t>(round)) % cases_.size()];
        auto& version = versions.try_emplace(id, 1).first->second;
        const auto request = command(id, version, std::to_string(number) + '-' + std::to_string(round));
        for (bool answered = false; !answered;) {
            try {
                const auto outcome = server.service.execute(request);
                answered = true;
                version = outcome.version;
                if (outcome.kind == Outcome::Kind::accepted)
                    note(id, outcome.version);
                else
                    EXPECT_EQ(outcome.kind, Outcome::Kind::conflict) << to_json(outcome.refusal).dump();
            } catch (const StoreUnavailable&) { // a client that was told to try again later
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
    }
}

void Clients::note(const CaseId& id, std::int64_t version) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    longest_ = std::max(longest_, std::chrono::ceil<std::chrono::milliseconds>(now - last_));
    last_ = now;
    ++log_[id][version];
    ++acknowledged_;
}

bool Clients::acknowledges(int more, std::chrono::seconds patience) const {
    return eventually([this, wanted = acknowledged_ + more] { return acknowledged_ >= wanted; }, patience);
}

std::chrono::milliseconds Clients::longest_silence() const {
    const std::lock_guard lock(mutex_);
    return longest_;
}

void Clients::expect_all_kept(Server& on) const {
    Registry registry = with_tally();
    const std::lock_guard lock(mutex_);
    for (const auto& id : cases_) {
        const auto row = on.cases.row(id);
        ASSERT_TRUE(row);
        const auto found = log_.find(id);
        const auto acknowledged = found == log_.end() ? std::map<std::int64_t, int>{} : found->second;
        for (const auto& [version, times] : acknowledged)
            EXPECT_EQ(times, 1) << id.text << " version " << version << " was promised to two clients";
        EXPECT_EQ(acknowledged.size() + 1, static_cast<std::size_t>(row->version)) // and the one that opened it
            << "acknowledged commands and the record differ";
        const auto events = on.cases.events(id);
        ASSERT_EQ(events.size(), static_cast<std::size_t>(row->version));
        const auto folded = fold(registry, events); // fold also checks the chain of hashes
        EXPECT_EQ(folded.facts, row->facts);
        EXPECT_EQ(folded.head_hash, row->head_hash);
        EXPECT_EQ(row->facts.at("count"), row->version);
    }
}

} // namespace cunmai::test
