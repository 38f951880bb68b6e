// A whole workflow in some 120 lines: somebody asks for leave, a superior grants or refuses it. See new-workflow.md.
// How it looks stands in leave_request_presentation.cpp; without that file it would be served, too, only plainer.
#include "docs/examples/leave_request.hpp"
#include "engine/machine.hpp"

#include <algorithm>

namespace cunmai::examples {
namespace {
using namespace engine;
// clang-format off
// States: the key is what the database stores.
struct Requested : State { static constexpr std::string_view key = "requested"; };
struct Granted : FinalState { static constexpr std::string_view key = "granted"; };
struct Refused : FinalState { static constexpr std::string_view key = "refused"; };
struct Withdrawn : FinalState { static constexpr std::string_view key = "withdrawn"; };

// Who: roles come from grants, relations from the case's facts (relations() below).
struct Employee : Role { static constexpr std::string_view key = "employee"; };
struct Superior : Role { static constexpr std::string_view key = "superior"; };
struct Applicant : Relation { static constexpr std::string_view key = "applicant"; };

// Commands and their fields: forms, API document and input checks come from here.
struct RequestLeave : Command {
    static constexpr std::string_view key = "request_leave";
    static Fields fields() { return {Field::date("from_on"), Field::date("until_on"), Field::text("reason").optional()}; }
};
struct Refuse : Command { static constexpr std::string_view key = "refuse"; static Fields fields() { return {Field::text("reason")}; } };
struct Grant : Command { static constexpr std::string_view key = "grant"; };
struct Withdraw : Command { static constexpr std::string_view key = "withdraw"; };
struct Remind : InternalCommand { static constexpr std::string_view key = "remind"; };
// clang-format on

// What a condition reads from outside the case is a need: gathered before the command is decided, and kept in the
// event.
struct Superiors {
    static constexpr std::string_view key = "superiors";
    static Json gather(const Ask& ask, Knowledge& knowledge) {
        auto people = Json::array();
        for (const auto& holder : knowledge.holders(Superior::key, ask.place.path)) people.push_back(holder.person);
        return people;
    }
};

// Conditions say what is missing; actions write facts and notices, nothing else.
struct EndsAfterItStarts : InputCondition {
    static constexpr std::string_view key = "ends_after_it_starts";
    static bool holds(const Ask& ask, Refusal& why) {
        if (ask.given("until_on") < ask.given("from_on")) why.add_for("until_on", "ends_before_it_starts");
        return why.empty();
    }
};
struct SomebodyElseDecides : Condition {
    static constexpr std::string_view key = "somebody_else_decides";
    using needs = Needs<Superiors>;
    static bool holds(const Ask& ask, Refusal& why) {
        const auto& people = needs::get<Superiors>(ask);
        const auto is_asking = [&](const Json& person) { return ask.is_one_of(person); };
        if (std::all_of(people.begin(), people.end(), is_asking)) why.add("nobody_decides");
        return why.empty();
    }
};
struct NotTheApplicant : Condition {
    static constexpr std::string_view key = "not_the_applicant";
    static bool holds(const Ask& ask, Refusal& why) {
        if (ask.is_one_of(ask.facts.value("applicant", Json()))) why.add("own_request");
        return why.empty();
    }
};
struct KeepRequest {
    static constexpr std::string_view key = "keep_request";
    static void run(const Ask& ask, Decision& decision) {
        decision.facts = ask.payload;
        decision.facts["applicant"] = ask.acting_for();
        decision.facts["asked_at"] = ask.at.micros;
    }
};
struct TellApplicant {
    static constexpr std::string_view key = "tell_applicant";
    static void run(const Ask& ask, Decision& decision) {
        decision.notices.push_back({"leave_" + ask.command, {}, "", {{ask.facts.at("applicant")}}, {}});
    }
};
struct RemindSuperior {
    static constexpr std::string_view key = "remind_superior";
    static void run(const Ask&, Decision& decision) {
        decision.facts["reminded"] = true;
        decision.notices.push_back({"leave_waits", {std::string(Superior::key)}, "", {}, {}});
    }
};

struct LeaveRequest {
    static constexpr std::string_view key = "leave_request";
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false; // several people of one place, at the same time
    // clang-format off
    using transition_table = Table<
    //   in        , on           , go to     , given by      , do                  , provided
    Row< NotOpened , RequestLeave , Requested , By<Employee>  , Do<KeepRequest>     , If<EndsAfterItStarts, SomebodyElseDecides> >,
    Row< Requested , Grant        , Granted   , By<Superior>  , Do<TellApplicant>   , If<NotTheApplicant>                        >,
    Row< Requested , Refuse       , Refused   , By<Superior>  , Do<TellApplicant>   , If<NotTheApplicant>                        >,
    Row< Requested , Withdraw     , Withdrawn , By<Applicant>                                                                    >,
    Row< Requested , Remind       , Stays     , By<Engine>    , Do<RemindSuperior>                                               >
    >;
    // clang-format on
};

class LeaveRequestDefinition final : public MachineDefinition<LeaveRequest> {
    Json relations(const CaseView& view) const override { return {{Applicant::key, view.facts.at("applicant")}}; }
    std::vector<Task> tasks(const CaseView& view) const override {
        if (view.state != Requested::key) return {};
        return {{std::string(Grant::key), std::string(Superior::key), "", {}, view.facts.value("from_on", "")}};
    }
    std::vector<Timer> timers(const CaseView& view) const override {
        if (view.state != Requested::key || view.facts.contains("reminded")) return {};
        return {{"remind", Instant{view.facts.at("asked_at")}.plus_seconds(2 * 86400), std::string(Remind::key)}};
    }
    const Presentation& presentation() const override { return leave_presentation(); }
    std::vector<ShownSection> sections(const CaseView& v, const RuleLookup&) const override { return leave_facts(v); }
};
} // namespace

std::unique_ptr<engine::Definition> leave_request() { return std::make_unique<LeaveRequestDefinition>(); }
} // namespace cunmai::examples
