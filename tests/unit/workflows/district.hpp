// A small invented district in memory, with the real engine, the real workflows and one person for every role. Tests
// put a case into a state and vary only the deciding fact.
//
//   auto village = a_village().in("follow_up").since("2025-03-01").with_clean_look_backs();
//   EXPECT_THAT(village.on("2026-02-28").tries("complete_follow_up"), is_refused_for("year_not_over"));
//
// People: vo village officer, to town officer, ts and ts2 town supervisors, dc and dc2 commanders, vc and vc2
// coordinators, dr-<department> reviewers, pl and pl2 panel leaders, sec secretary, ch chair, m1 … m4 members, au
// auditor, any-<role> one person per role, over the whole district.
#pragma once

#include "engine/case_service.hpp"
#include "tests/support/memory_store.hpp"

#include <gmock/gmock.h>

#include <memory>

namespace cunmai::engine {

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
    *out << "kind " << static_cast<int>(outcome.kind) << " in " << outcome.state;
}

} // namespace cunmai::engine

namespace cunmai::workflows::test {

using engine::CaseId;
using engine::Outcome;
using engine::PersonId;

inline constexpr auto district_code = "990100";
inline constexpr auto town_code = "990100001";
inline constexpr auto village_code = "990100001201";

class District {
  public:
    District();

    void on(const std::string& date); // 10:00 in the district
    std::string today() const;
    // Lets days pass, firing every timer in order of time.
    void pass_until(const std::string& date);

    Outcome give(const CaseId& id, const std::string& command, Json payload, const std::string& person,
                 const std::string& on_behalf_of = "");
    Outcome open(const std::string& definition, const std::string& place, const std::string& command, Json payload,
                 const std::string& person, const std::string& batch = "");
    std::string upload(const std::string& content); // its SHA-256

    engine::CaseRow& row(const CaseId& id) { return store.memory.rows.at(id); }
    const std::vector<engine::Task>& tasks(const CaseId& id) { return store.memory.tasks[id]; }
    std::vector<engine::Timer> timers(const CaseId& id); // timers that are stored and still wanted
    // A case put directly into this state, without history, for tests of what may happen next.
    CaseId place_case(const std::string& definition, const std::string& place, const std::string& state, Json facts,
                      const std::string& parent = "", int version = 0); // 0: the newest
    // A payload with every required field, overridden by `given`. A null removes a field.
    Json sample(const CaseId& id, const std::string& command, const Json& given);
    const engine::Definition& definition_of(const engine::CaseRow& row) const; // in its version
    std::string person_for(const CaseId& id, const std::string& command);      // who may give it
    CaseId meeting_in_session(const std::vector<std::string>& agenda, const std::vector<std::string>& present,
                              bool secret = false);
    void grant(const std::string& person, const std::string& role, const std::string& path,
               const std::string& qualifier = "");

    cunmai::test::MemoryStore store;
    cunmai::test::ManualClock clock;
    engine::Registry registry;
    engine::Roles roles;
    engine::CaseService service;
    std::string evidence; // an uploaded document
    CaseId meeting;       // the last one put in session

  private:
    int keys_ = 0;
};

// Answers to the whole catalogue, all good; changed where a test says so.
Json good_answers();
const Json& indicator_catalogue();

class Case {
  public:
    Case(std::shared_ptr<District> district, CaseId id) : district_(std::move(district)), id_(std::move(id)) {}

    Case on(const std::string& date) const;                                              // from this day
    Case as(const std::string& person) const;                                            // given by
    Case for_(const std::string& person) const;                                          // on behalf of
    Outcome tries(const std::string& command, const Json& given = Json::object()) const; // undone afterwards
    Outcome does(const std::string& command, const Json& given = Json::object()) const;  // expected to be accepted

    const CaseId& id() const { return id_; }
    const std::string& state() const { return district_->row(id_).state; }
    Json& facts() const { return district_->row(id_).facts; }
    District& district() const { return *district_; }
    const std::shared_ptr<District>& shared() const { return district_; }
    std::vector<std::string> tasks() const; // "command role/person qualifier", sorted
    std::string colour() const { return district_->row(id_).summary.colour; }

  private:
    std::shared_ptr<District> district_;
    CaseId id_;
    std::string person_, on_behalf_of_;
};

// A village's case put into a state, with the facts that a case in that state has.
class VillageBuilder {
  public:
    VillageBuilder();
    VillageBuilder& in(const std::string& state);
    VillageBuilder& since(const std::string& date); // the day of the step that led here
    VillageBuilder& with(const Json& facts);        // merged over what the state has
    VillageBuilder& with_clean_look_backs();
    VillageBuilder& with_prescription(const std::string& state, const std::string& colour = "green");
    VillageBuilder& with_ballot(const std::vector<std::string>& present, bool secret = false);
    operator Case();
    // Builds the case and uses it at once.
    Case on(const std::string& date) { return Case(*this).on(date); }
    Case as(const std::string& person) { return Case(*this).as(person); }
    Outcome tries(const std::string& command, const Json& given = Json::object()) {
        return Case(*this).tries(command, given);
    }

  private:
    std::shared_ptr<District> district_;
    std::string state_ = "self_check", since_ = "2025-03-01";
    std::vector<Json> patches_; // RFC 7386, in order
    std::optional<std::pair<std::vector<std::string>, bool>> ballot_;
    std::optional<CaseId> placed_;
};
inline VillageBuilder a_village() { return {}; }

// A prescription in a state, child of a managed village's case. Deadline 2025-04-30, responsible vo, issuer ts.
Case a_prescription(const std::string& state, const Json& facts = Json::object());

MATCHER_P(is_refused_for, code, "") {
    *result_listener << engine::to_json(arg.refusal).dump();
    return arg.kind != Outcome::Kind::accepted && arg.refusal.has(code);
}
MATCHER_P(moves_to, state, "") {
    *result_listener << engine::to_json(arg.refusal).dump();
    return arg.kind == Outcome::Kind::accepted && arg.state == state;
}
MATCHER(is_accepted, "") {
    *result_listener << engine::to_json(arg.refusal).dump();
    return arg.kind == Outcome::Kind::accepted;
}
MATCHER_P(is_of_kind, kind, "") {
    *result_listener << engine::to_json(arg.refusal).dump();
    return arg.kind == kind;
}
// The facts of the first reason with this code.
Json facts_of(const Outcome& outcome, const std::string& code);

} // namespace cunmai::workflows::test
