// Each person × each way to read: while a ballot by name is open, only the voter finds their choice and reason
// anywhere. When the ballot is closed, the same search finds them everywhere.
#include "adapters/words/texts.hpp"
#include "tests/integration/api/objects.hpp"
#include "tests/integration/api/stream.hpp"
#include "tests/support/office_file.hpp"

#include <gmock/gmock.h>

namespace cunmai::test {
namespace {

using ::testing::IsEmpty;

const std::string voters_reason = "示例：只有投票人知道的理由";

void done(const Answer& answer) { ASSERT_THAT(answer.status, testing::AnyOf(200, 201)) << answer.body; }

// Texts that would tell that m1 votes against: the reason, and the choice as the API and as a page write it.
std::vector<std::string> telling() {
    std::vector<std::string> words{voters_reason,
                                   "\"choice\":\"reject\"",
                                   "&quot;choice&quot;: &quot;reject&quot;",
                                   "\"value\":\"reject\"",
                                   "&quot;value&quot;: &quot;reject&quot;",
                                   "vote_reason_missing"};
    for (const auto* language : {"zh-CN", "en"}) {
        words.push_back(texts::text(language, "page.label_value",
                                    {{"label", texts::text(language, "field.choice")},
                                     {"value", texts::text(language, "choice.choice.reject")}}));
        words.push_back(texts::text(language, "reason.vote_reason_missing"));
    }
    return words;
}

std::vector<std::string> told_in(const std::string& body) {
    static const auto words = telling();
    std::vector<std::string> found;
    for (const auto& word : words)
        if (body.find(word) != std::string::npos) found.push_back(word);
    return found;
}

struct Ballot {
    std::string id = case_with_open_ballot(false);
    std::string meeting;
    std::string number, then; // then: the case as it stood with the votes

    Ballot() {
        const auto seen = as("auditor").get("/cases/" + id).json();
        meeting = seen.at("facts").at("ballot").at("meeting");
        number = seen.at("number");
        EXPECT_EQ(as("m1").give(id, "cast_vote", {{"choice", "reject"}}).status, 422); // without a reason
        done(as("m1").give(id, "cast_vote", {{"choice", "approve"}}));
        done(as("m1").give(id, "cast_vote", {{"choice", "reject"}, {"reason", voters_reason}}));
        then = "/cases/" + id + "?as_of_event=" + as("auditor").get("/cases/" + id).json().at("version").dump();
    }
};

std::vector<std::string> api_ways(const Ballot& ballot) {
    const auto one = "/cases/" + ballot.id;
    return {one,
            ballot.then,
            one + "/ballots",
            one + "/history?limit=100",
            one + "/refusals?limit=100",
            one + "/commands",
            one + "/documents",
            "/cases?limit=100",
            "/cases?limit=100&text=" + ballot.number,
            "/cases?limit=100&state=committee_approval",
            "/cases/" + ballot.meeting,
            "/cases/" + ballot.meeting + "/history?limit=100",
            "/worklist?limit=100",
            "/worklist?box=done&limit=100",
            "/worklist?box=started&limit=100",
            "/notifications?limit=100",
            "/me"};
}

std::vector<std::string> page_ways(const Ballot& ballot) {
    const auto one = "/cases/" + ballot.id;
    return {one,
            ballot.then,
            ballot.then + "&all=yes",
            one + "?all=yes",
            one + "/record",
            one + "/record?lang=en",
            one + "/answers",
            one + "/evidence",
            one + "/diagram",
            one + "/do/cast_vote",
            one + "/do/recuse",
            one + "/do/close_ballot",
            one + "/do/terminate",
            "/meetings",
            "/meetings/" + ballot.meeting,
            "/meetings/" + ballot.meeting + "/minutes",
            "/cases/" + ballot.meeting + "/record",
            "/cases",
            "/cases?text=" + ballot.number,
            "/",
            "/work",
            "/work?box=done",
            "/inbox"};
}

// A page, fetched with a bearer token.
Answer page(const std::string& login, const std::string& path) {
    HttpClient client(District::the().port());
    return client.send({"GET", path, "", {{"Authorization", "Bearer " + District::the().token(login)}}});
}

// The text of an Excel or Word file, so that its contents can be searched.
std::string read(const std::string& login, const std::string& file) {
    const auto answer = page(login, file);
    std::string text;
    if (answer.status != 200) return answer.body;
    if (file.find(".xlsx") != std::string::npos)
        for (const auto& row : sheet_rows(answer.body, 1))
            for (const auto& cell : row) text += cell + "\n";
    else
        for (const auto& paragraph : paragraphs(answer.body)) text += paragraph + "\n";
    return text;
}

TEST(Disclosure, NobodyReadsAnothersOpenVoteByAnyWay) {
    const Ballot ballot;
    int looked = 0;
    const auto look = [&](const std::string& login, const std::string& way, const std::string& body) {
        EXPECT_THAT(told_in(body), IsEmpty()) << login << ' ' << way;
        ++looked;
    };
    for (const auto& login : District::everybody()) {
        if (login == "m1") continue;
        for (const auto& way : api_ways(ballot)) look(login, "GET " + way, as(login).get(way).body);
        for (const auto& way : page_ways(ballot)) look(login, way, page(login, way).body);
        for (const auto* file : {"/cases.xlsx", "/work.xlsx"}) look(login, file, read(login, file));
        const auto minutes = "/meetings/" + ballot.meeting + "/minutes.docx";
        look(login, minutes, read(login, minutes));
    }
    // The answers to accepted, refused and late commands, and what a form says about changes meanwhile.
    const auto old = as("m2").give_at(1, ballot.id, "close_ballot", {{"minutes", "示例"}}, fresh_key());
    look("m2", "refused command", old.body);
    look("secretary", "late command",
         as("secretary").give_at(1, ballot.id, "close_ballot", {{"minutes", "示例"}}, fresh_key()).body);
    const auto late =
        as("secretary")
            .submit("/cases/" + ballot.id + "/do/close_ballot", "minutes=x&version=1&idempotency_key=" + fresh_key());
    EXPECT_EQ(late.status, 409);
    EXPECT_NE(late.body.find("event-"), std::string::npos) << "the form does not show what came since";
    look("secretary", "late form", late.body);
    look("m2", "command", as("m2").give(ballot.id, "cast_vote", {{"choice", "approve"}}).body);
    Stream live(District::the().port(), District::the().token("auditor"), ballot.id);
    look("auditor", "live event", live.next("case").dump());
    done(as("m1").give(ballot.id, "cast_vote", {{"choice", "reject"}, {"reason", voters_reason}}));
    look("auditor", "live event", live.next("case").dump());
    std::cout << looked << " answers looked through\n";
    EXPECT_GT(looked, 400);
}

TEST(Disclosure, TheVoterReadsTheirOwnAndEverybodyAllOfItWhenItIsOver) {
    const Ballot ballot;
    const auto one = "/cases/" + ballot.id;
    const std::vector<std::string> api{one, ballot.then, one + "/ballots", one + "/history?limit=100",
                                       one + "/refusals?limit=100"};
    const auto expect_told = [&](const std::string& login) {
        for (const auto& way : api) EXPECT_FALSE(told_in(as(login).get(way).body).empty()) << login << ' ' << way;
        for (const auto& way : {one, ballot.then, one + "/record", one + "/record?lang=en"})
            EXPECT_FALSE(told_in(page(login, way).body).empty()) << login << ' ' << way;
    };
    expect_told("m1");
    for (const auto* member : {"m2", "chair"}) done(as(member).give(ballot.id, "cast_vote", {{"choice", "approve"}}));
    done(as("secretary").give(ballot.id, "close_ballot", {{"minutes", "示例会议纪要"}}));
    for (const auto* login : {"auditor", "m2", "panel", "s-a"}) expect_told(login);
}

TEST(Disclosure, AWithheldEventSaysSoAndKeepsItsPlaceInTheChain) {
    const Ballot ballot;
    const auto way = "/cases/" + ballot.id + "/history?limit=100";
    const auto by_others = as("auditor").get(way).list(), own = as("m1").get(way).list();
    ASSERT_EQ(by_others.size(), own.size());
    int withheld = 0;
    for (std::size_t at = 0; at < own.size(); ++at) {
        for (const auto* member : {"seq", "at_micros", "actor", "command", "from", "to", "hash", "previous_hash"})
            EXPECT_EQ(by_others[at].at(member), own[at].at(member)) << member;
        EXPECT_TRUE(own[at].at("withheld").is_null());
        if (by_others[at].at("withheld").is_null()) {
            EXPECT_EQ(by_others[at], own[at]);
            continue;
        }
        ++withheld;
        EXPECT_EQ(by_others[at].at("withheld"), "until_ballot_closes");
        EXPECT_EQ(by_others[at].at("command"), "cast_vote");
        // From all of these and the hash over them, a vote without a reason could be found by trying three choices.
        EXPECT_TRUE(by_others[at].at("record").is_null());
        EXPECT_TRUE(by_others[at].at("request_id").is_null());
    }
    EXPECT_EQ(withheld, 2);
    for (const auto* language : {"zh-CN", "en"}) {
        const auto says = texts::text(language, "withheld.until_ballot_closes");
        for (const auto* part : {"", "/record"}) {
            const auto address = "/cases/" + ballot.id + part + "?lang=" + language;
            EXPECT_NE(page("auditor", address).body.find(says), std::string::npos) << address;
        }
    }
}

} // namespace
} // namespace cunmai::test
