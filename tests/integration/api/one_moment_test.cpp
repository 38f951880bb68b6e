// Pages and answers are read while two threads write without a pause. Each page is of one moment, so nothing in it
// contradicts anything else in it. And reading one takes only few transactions.
#include "adapters/words/names.hpp"
#include "db/kernel/database_impl.hpp"
#include "tests/integration/api/objects.hpp"
#include "tests/support/mariadb.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <regex>
#include <thread>

namespace cunmai::test {
namespace {

using ::testing::IsEmpty;

constexpr int reads_max = 3; // transactions: for the session, for the jurisdiction, for the page

struct Step {
    std::string actor, command;
    Json payload = Json::object();
};

// Gives the same commands again and again, one each time it is allowed to.
class Writer {
  public:
    Writer(App& app, std::string id, std::vector<Step> steps)
        : app_(app), id_(std::move(id)), steps_(std::move(steps)), version_(app.cases.row({id_})->version),
          thread_([this] { run(); }) {}
    ~Writer() { finish(); }
    void finish() { // after the commands that it was allowed to give
        if (!thread_.joinable()) return;
        last_ = allowed_.load();
        let();
        thread_.join();
    }
    void let() {
        ++allowed_;
        allowed_.notify_one();
    }
    int given() const { return given_; }

  private:
    void run() {
        for (int count = 0;; ++count) {
            while (allowed_ == count) allowed_.wait(count);
            if (count == last_) return;
            const auto& step = steps_[static_cast<std::size_t>(count) % steps_.size()];
            engine::CommandRequest request;
            request.case_id.text = id_;
            request.expected_version = version_;
            request.name = step.command;
            request.payload = step.payload;
            request.actor.text = District::id(step.actor);
            request.idempotency_key = fresh_key();
            request.request_id = "writer";
            const auto outcome = app_.service.execute(request);
            if (outcome.kind != engine::Outcome::Kind::accepted) {
                ADD_FAILURE() << step.command << ": " << engine::to_json(outcome.refusal).dump();
                return;
            }
            version_ = outcome.version;
            ++given_;
        }
    }

    App& app_;
    const std::string id_;
    const std::vector<Step> steps_;
    std::int64_t version_;
    std::atomic<int> allowed_ = 0, given_ = 0;
    std::atomic<int> last_ = -1;
    std::thread thread_;
};

std::string first(const std::string& text, const std::string& pattern) {
    std::smatch found;
    return std::regex_search(text, found, std::regex(pattern)) ? found[1].str() : "";
}

std::vector<std::string> each(const std::string& text, const std::string& pattern) {
    const std::regex one(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), one), end; at != end; ++at) found.push_back((*at)[1]);
    return found;
}

class Reader {
  public:
    Reader(District& district, std::string login)
        : district_(district), client_(district.port()), token_(district.token(login)) {}

    std::string get(const std::string& path) {
        const auto& counted = district_.app().database.impl().counters().read_transactions;
        const auto before = counted.load();
        const auto answer = client_.send({"GET", path, "", {{"Authorization", "Bearer " + token_}}});
        const auto taken = counted.load() - before;
        EXPECT_EQ(answer.status, 200) << path << answer.body;
        EXPECT_LE(taken, reads_max) << path;
        most_ = std::max<std::int64_t>(most_, taken);
        ++pages_;
        return answer.body;
    }
    Json json(const std::string& path) { return Json::parse(get("/api/v1" + path)); }
    std::int64_t most() const { return most_; }
    int pages() const { return pages_; }

  private:
    District& district_;
    HttpClient client_;
    const std::string token_;
    std::int64_t most_ = 0;
    int pages_ = 0;
};

class Witness { // looks for contradictions that no single moment can have
  public:
    Witness(District& district, std::string moving, std::string managed, std::string prescription)
        : reader_(district, "panel"), registry_(district.app().registry), moving_(std::move(moving)),
          managed_(std::move(managed)), prescription_(std::move(prescription)) {}

    Reader& reader() { return reader_; }

    void case_page(const std::string& id, const std::string& definition) {
        const auto page = reader_.get("/cases/" + id + "?lang=zh-CN");
        const auto version = first(page, R"re(data-version="(\d+)")re");
        expect(page.find("record--good") != std::string::npos, "the record is called broken", page);
        expect(first(page, R"((\d+) 条记录)") == version, "version and badge", page);
        expect(first(page, R"re(<li class="timeline__entry" id="event-(\d+)")re") == version, "version and timeline",
               page);
        const auto state = first(page, R"(<h1>[^<]*</h1>\s*<span class="tag[^>]*><svg.*?</svg>([^<]*)</span>)");
        const auto step = first(page, R"(aria-current="step">([^<]*)<)");
        expect(!state.empty() && state == step, "state " + state + " and step " + step, page);
        offers(id, definition, state, page);
        if (id == managed_) prescription_card(page);
    }

    // Each command that is offered has a row in the state that the page names.
    void offers(const std::string& id, const std::string& definition, const std::string& state,
                const std::string& page) {
        const auto& info = registry_.newest(definition)->info();
        for (const auto& command : each(page, "/cases/" + id + "/do/([a-z_]+)")) {
            bool possible = false;
            for (const auto& one : info.states)
                possible = possible || (words::state_name("zh-CN", definition, one.key) == state &&
                                        !info.who_may(one.key, command).empty());
            expect(possible, command + " is offered in " + state, page);
        }
    }

    // The card of the prescription shows the state that the village's case was told last.
    void prescription_card(const std::string& page) {
        const auto card = first(
            page,
            R"(<article class="rx [^>]*>\s*<div class="rx__tags"><span class="tag[^>]*><svg.*?</svg>([^<]*)</span>)");
        const auto told = first(page, R"(<p class="timeline__text">1\. 示例问题：([^<]*)</p>)");
        expect(!card.empty() && card == told, "card " + card + " and timeline " + told, page);
    }

    void record_page(const std::string& id) {
        const auto page = reader_.get("/cases/" + id + "/record?lang=zh-CN");
        expect(page.find("record--good") != std::string::npos, "the record is called broken", page);
        expect(first(page, R"re(<article class="panel" id="event-(\d+)")re") == first(page, R"((\d+) 条记录)"),
               "newest event and badge", page);
        expect(first(page, R"(<p class="mono">([0-9a-f]{64})</p>)") ==
                   first(page, R"(<span class="mono">([0-9a-f]{64})</span>)"),
               "head and newest hash", page);
    }

    void answers(const std::string& id, const std::string& definition) {
        const auto offered = reader_.json("/cases/" + id + "/commands");
        for (const auto& one : offered.at("items"))
            expect(!registry_.newest(definition)
                        ->info()
                        .who_may(offered.at("state").get<std::string>(), one.at("command").get<std::string>())
                        .empty(),
                   "offer and state", offered.dump());
        const auto seen = reader_.json("/cases/" + id);
        const auto after = std::max<std::int64_t>(0, seen.at("version").get<std::int64_t>() - 3);
        const auto history = reader_.json("/cases/" + id + "/history?limit=100&after_seq=" + std::to_string(after));
        const auto& last = history.at("items").back();
        expect(last.at("seq") == history.at("version"), "version and history", history.dump());
        expect(last.at("hash") == history.at("head_hash"), "head and history", history.dump());
    }

    void parent_and_child() {
        const auto list = reader_.json("/cases?limit=100&parent=" + managed_);
        expect(list.at("items").size() == 1 && list.at("total") == 1, "total and rows", list.dump());
    }

    const std::map<std::string, int>& contradictions() const { return found_; } // how often

  private:
    void expect(bool holds, const std::string& what, const std::string& where) {
        if (holds) return;
        if (found_.empty()) std::cout << what << "\n" << where << "\n";
        ++found_[what];
    }

    Reader reader_;
    const engine::Registry& registry_;
    const std::string moving_, managed_, prescription_;
    std::map<std::string, int> found_;
};

std::string issued_prescription(const std::string& managed) {
    const auto opened = as("s-a").give(managed, "issue_prescription",
                                       {{"problem", "示例问题"},
                                        {"task", "示例任务"},
                                        {"responsible_person", District::id("v-a")},
                                        {"deadline_on", "2099-12-31"},
                                        {"acceptance_criterion", "示例标准"}});
    EXPECT_EQ(opened.status, 200) << opened.body;
    const std::string id = opened.json().at("created");
    EXPECT_EQ(as("s-a").give(id, "issue").status, 200);
    return id;
}

class OneMoment : public ::testing::TestWithParam<std::string> {};

TEST_P(OneMoment, PagesAndAnswersDoNotContradictThemselvesWhileTwoOthersWrite) {
    const bool is_sqlite = GetParam() == "sqlite";
    District here(is_sqlite ? "" : new_mariadb_database());
    const auto moving = case_in("department_review", village_a2);
    const auto managed = managed_case();
    const auto prescription = issued_prescription(managed);
    Witness witness(here, moving, managed, prescription);
    int commands = 0;
    {
        Writer one(here.app(), moving,
                   {{"panel", "return_to_town", {{"reason", "示例"}}},
                    {"s-a", "nominate", {{"category", "organisation"}, {"study_record", "示例"}}}});
        Writer two(here.app(), prescription,
                   {{"v-a", "decline_responsibility", {{"reason", "示例"}}},
                    {"s-a", "issue", {{"responsible_person", District::id("v-a")}}}});
        const int rounds = is_sqlite ? 200 : 25;
        for (int round = 0; round < rounds; ++round) {
            const auto meanwhile = [&] {
                one.let();
                one.let();
                two.let();
            };
            meanwhile();
            witness.case_page(moving, "village_lifecycle");
            meanwhile();
            witness.case_page(managed, "village_lifecycle");
            meanwhile();
            witness.case_page(prescription, "prescription");
            if (round % 4 == 0) witness.record_page(moving);
            meanwhile();
            witness.answers(moving, "village_lifecycle");
            meanwhile();
            witness.answers(prescription, "prescription");
            witness.parent_and_child();
        }
        commands = one.given() + two.given();
        one.finish();
    }
    std::cout << GetParam() << ": " << witness.reader().pages() << " pages and answers, " << commands
              << " commands meanwhile, at most " << witness.reader().most() << " transactions to read one\n";
    witness.case_page(moving, "village_lifecycle"); // its record is long by now
    witness.record_page(moving);
    EXPECT_THAT(witness.contradictions(), IsEmpty());
    if (is_sqlite) { EXPECT_GT(here.app().cases.row({moving})->version, 2'001); }
    EXPECT_GT(commands, witness.reader().pages() / 2) << "the writers were hardly at work";
}

INSTANTIATE_TEST_SUITE_P(Store, OneMoment, ::testing::Values("sqlite", "mariadb"),
                         [](const auto& test) { return test.param; });

TEST(ReadsPerPage, NoRouteTakesMoreThanThreeTransactions) {
    auto& here = District::the();
    const auto& counted = here.app().database.impl().counters().read_transactions;
    std::map<std::int64_t, int> routes_by_reads;
    for (const auto& route : http::all_routes()) {
        if (route.method != "GET" || route.access == http::Access::open || route.pattern == "/api/v1/events") continue;
        for (const auto* login : {"panel", "auditor", "secretary", "v-a", "sysadmin", "auditadmin"}) {
            const auto& token = here.token(login);
            for (const auto& example : Objects::the().examples(route)) {
                HttpClient client(here.port());
                Answer answer;
                std::int64_t taken = reads_max + 1;
                // The server's own threads are counted along: what the route takes is the least of a few tries.
                for (int tries = 0; tries < 3 && taken > reads_max; ++tries) {
                    const auto before = counted.load();
                    answer =
                        client.send({"GET", example.path(route.pattern), "", {{"Authorization", "Bearer " + token}}});
                    taken = counted.load() - before;
                }
                EXPECT_LT(answer.status, 500) << route.pattern << answer.body;
                if (answer.status != 200) continue; // the page of the error is made by a read of its own
                EXPECT_LE(taken, reads_max) << login << ' ' << example.path(route.pattern);
                ++routes_by_reads[taken];
            }
        }
    }
    for (const auto& [reads, answers] : routes_by_reads)
        std::cout << answers << " answers took " << reads << " transactions to read\n";
    EXPECT_FALSE(routes_by_reads.empty());
}

} // namespace
} // namespace cunmai::test
