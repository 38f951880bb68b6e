// One idempotency key belongs to one request: each member of it is varied alone. And a command may be given on a
// version that was overtaken only when it commutes with everything that came since.
#include "tests/unit/workflows/lives.hpp"

namespace cunmai::workflows::test {
namespace {

using namespace engine;
using Kind = Outcome::Kind;

class RequestTest : public ::testing::Test, protected Lives {
  protected:
    CommandRequest opening() {
        CommandRequest request;
        request.definition = "village_lifecycle";
        request.place_code = village_code;
        request.batch = round_;
        request.name = "open";
        request.payload = {{"self_check_due_on", in_days(10)}, {"screening_due_on", in_days(20)}};
        request.actor = {"pl"};
        request.idempotency_key = "key";
        return request;
    }
    CommandRequest nomination() {
        CommandRequest request;
        request.case_id = village_.id();
        request.expected_version = 1;
        request.name = "nominate";
        request.payload = {{"category", "governance"}, {"study_record", "示例"}};
        request.actor = {"ts"};
        request.idempotency_key = "key";
        return request;
    }
    // The request, changed in one member, under the key of the request as it was.
    Outcome varied(const CommandRequest& first, const std::function<void(CommandRequest&)>& change) {
        const auto before = district_->store.memory;
        EXPECT_EQ(district_->service.execute(first).kind, Kind::accepted);
        const auto again = district_->service.execute(first);
        EXPECT_TRUE(again.replayed);
        auto other = first;
        change(other);
        const auto rows = district_->store.memory.rows.size();
        const auto outcome = district_->service.execute(other);
        if (outcome.kind == Kind::key_reused) { EXPECT_EQ(district_->store.memory.rows.size(), rows); }
        district_->store.memory = before;
        return outcome;
    }

    RequestTest() {
        for (const std::string code : {"990100001202", "990100001203"})
            district_->store.memory.places[code] = {code, "示例村", town_code, "village",
                                                    "/990100/990100001/" + code + "/"};
        village_ = open_targeted();
        other_ = open_targeted("990100001202");
        round_ = announced();
        other_round_ = announced();
        auto& delegations = district_->store.memory.delegations;
        delegations.push_back({{"ts2"}, {"ts"}, "town_supervisor", {0}, {1LL << 60}});
        delegations.push_back({{"pl2"}, {"pl"}, "panel_leader", {0}, {1LL << 60}});
    }
    std::string announced() {
        const auto opened = district_->open("screening_round", district_code, "announce",
                                            {{"title", "批次"},
                                             {"self_check_due_on", in_days(10)},
                                             {"screening_due_on", in_days(20)},
                                             {"review_due_on", in_days(30)}},
                                            "pl");
        EXPECT_EQ(opened.kind, Kind::accepted);
        return opened.case_id.text;
    }
    Case village_{district_, {}}, other_{district_, {}};
    std::string round_, other_round_;
};

TEST_F(RequestTest, AnotherRequestUnderTheSameKeyIsRefusedWhicheverMemberDiffers) {
    const auto nomination_differs = [&](const std::string& what, const std::function<void(CommandRequest&)>& change) {
        EXPECT_EQ(varied(nomination(), change).kind, Kind::key_reused) << what;
    };
    nomination_differs("case", [&](auto& r) { r.case_id = other_.id(); });
    nomination_differs("name", [](auto& r) { r.name = "decline"; });
    nomination_differs("on behalf of", [](auto& r) { r.on_behalf_of = {"ts2"}; });
    nomination_differs("payload", [](auto& r) { r.payload["study_record"] = "示例。"; });
    nomination_differs("a field more", [](auto& r) { r.payload["more"] = nullptr; });
    nomination_differs("a field less", [](auto& r) { r.payload.erase("study_record"); });
    nomination_differs("type of a field", [](auto& r) { r.payload["study_record"] = 1; });
    // The delegated request comes first, the own one second.
    auto delegated = nomination();
    delegated.on_behalf_of = {"ts2"};
    EXPECT_EQ(varied(delegated, [](auto& r) { r.on_behalf_of = {}; }).kind, Kind::key_reused);

    auto first = opening();
    first.place_code = "990100001203";
    district_->grant("vo", "village_officer", "/990100/990100001/990100001203/");
    const auto opening_differs = [&](const std::string& what, const std::function<void(CommandRequest&)>& change) {
        EXPECT_EQ(varied(first, change).kind, Kind::key_reused) << what;
    };
    opening_differs("definition", [](auto& r) { r.definition = "committee_meeting"; });
    opening_differs("place", [](auto& r) { r.place_code = village_code; });
    opening_differs("round", [&](auto& r) { r.batch = other_round_; });
    opening_differs("no round", [](auto& r) { r.batch.clear(); });
    opening_differs("name", [](auto& r) { r.name = "open_targeted"; });
    opening_differs("on behalf of", [](auto& r) { r.on_behalf_of = {"pl2"}; });
    opening_differs("payload", [](auto& r) { r.payload["screening_due_on"] = "2025-04-01"; });
    opening_differs("a case instead", [&](auto& r) { r.case_id = village_.id(); });

    // Whoever else uses the same key has a key of their own, and the version seen does not make another request.
    EXPECT_NE(varied(nomination(), [](auto& r) { r.actor = {"ts2"}; }).kind, Kind::key_reused);
    EXPECT_TRUE(varied(nomination(), [](auto& r) { r.expected_version = 2; }).replayed);
    EXPECT_TRUE(varied(nomination(), [](auto& r) { r.request_id = "another attempt"; }).replayed);

    // A member that is added to the request does not compile here until it is varied above.
    const auto& [case_id, definition, place, batch, version, name, payload, actor, on_behalf_of, key, request_id,
                 documents, objections, beside] = first;
    static_cast<void>(case_id), static_cast<void>(definition), static_cast<void>(place), static_cast<void>(batch);
    static_cast<void>(version), static_cast<void>(name), static_cast<void>(payload), static_cast<void>(actor);
    static_cast<void>(on_behalf_of), static_cast<void>(key), static_cast<void>(request_id);
    static_cast<void>(documents), static_cast<void>(objections), static_cast<void>(beside);
}

// The case is put where all rows of the command start, and the commands that came since are put into its record.
TEST_F(RequestTest, OnlyWhatCommutesWithAllThatCameSinceMayBeLate) {
    int commuting = 0;
    for (const auto* definition : district_->registry.all()) {
        const auto& info = definition->info();
        std::string commutes, other;
        for (const auto& command : info.commands) (command.commutes ? commutes : other) = command.key;
        for (const auto& command : info.commands) {
            if (command.internal) continue;
            commuting += command.commutes;
            for (const auto& since : std::vector<std::vector<std::string>>{{commutes},
                                                                           {commutes, commutes},
                                                                           {other},
                                                                           {commutes, other},
                                                                           {other, commutes},
                                                                           {commutes, other, commutes},
                                                                           {"no_such_command"}}) {
                if (commutes.empty() && std::count(since.begin(), since.end(), "") > 0) continue;
                SCOPED_TRACE(info.key + " " + command.key + " after " + Json(since).dump());
                const auto before = district_->store.memory;
                const auto id = district_->place_case(info.key, village_code, info.states.front().key,
                                                      {{"opened_on", district_->today()}}, "", info.version);
                std::int64_t version = 1;
                for (const auto& name : since) {
                    Event event;
                    event.case_id = id;
                    event.seq = ++version;
                    event.command = name;
                    district_->store.memory.events[id].push_back(event);
                }
                district_->row(id).version = version;
                CommandRequest late;
                late.case_id = id;
                late.expected_version = 1;
                late.name = command.key;
                late.actor = {"pl"};
                late.idempotency_key = id.text;
                const bool fine = command.commutes && std::all_of(since.begin(), since.end(), [&](const auto& name) {
                                      const auto* known = info.command(name);
                                      return known && known->commutes;
                                  });
                EXPECT_EQ(district_->service.execute(late).kind != Kind::conflict, fine);
                late.expected_version = version + 1; // from a future that did not happen
                late.idempotency_key += "-future";
                EXPECT_EQ(district_->service.execute(late).kind, Kind::conflict);
                late.expected_version = version;
                late.idempotency_key += "-now";
                EXPECT_NE(district_->service.execute(late).kind, Kind::conflict);
                district_->store.memory = before;
            }
        }
    }
    EXPECT_GE(commuting, 2) << "votes, in two versions of the workflow";
}

} // namespace
} // namespace cunmai::workflows::test
