// A whole workflow in under 100 lines: somebody asks for leave, a superior grants or refuses it. See new-workflow.md.
#include "docs/examples/leave_request.hpp"
#include "engine/machine.hpp"

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

// Conditions say what is missing; actions write facts and notices, nothing else.
struct EndsAfterItStarts : InputCondition {
    static constexpr std::string_view key = "ends_after_it_starts";
    static bool holds(const Ask& ask, Refusal& why) {
        if (ask.given("until_on") < ask.given("from_on")) why.add_for("until_on", "ends_before_it_starts");
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
        decision.notices.push_back({"leave_waits", {"superior"}, "", {}, {}});
    }
};

struct LeaveRequest {
    static constexpr std::string_view key = "leave_request";
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = false;
    // clang-format off
    using transition_table = Table<
    //   in        , on           , go to     , given by      , do                  , provided
    Row< NotOpened , RequestLeave , Requested , By<Employee>  , Do<KeepRequest>     , If<EndsAfterItStarts> >,
    Row< Requested , Grant        , Granted   , By<Superior>  , Do<TellApplicant>   , If<NotTheApplicant>   >,
    Row< Requested , Refuse       , Refused   , By<Superior>  , Do<TellApplicant>   , If<NotTheApplicant>   >,
    Row< Requested , Withdraw     , Withdrawn , By<Applicant>                                               >,
    Row< Requested , Remind       , Stays     , By<Engine>    , Do<RemindSuperior>                          >
    >;
    // clang-format on
};

class LeaveRequestDefinition final : public MachineDefinition<LeaveRequest> {
    Json relations(const CaseView& view) const override { return {{"applicant", view.facts.at("applicant")}}; }
    std::vector<Task> tasks(const CaseView& view) const override {
        if (view.state != "requested") return {};
        return {{"grant", "superior", "", {}, view.facts.value("from_on", "")}};
    }
    std::vector<Timer> timers(const CaseView& view) const override {
        if (view.state != "requested" || view.facts.contains("reminded")) return {};
        return {{"remind", Instant{view.facts.at("asked_at")}.plus_seconds(2 * 86400), "remind"}};
    }
};
} // namespace

std::unique_ptr<engine::Definition> leave_request() { return std::make_unique<LeaveRequestDefinition>(); }
} // namespace cunmai::examples
