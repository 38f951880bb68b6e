#include "workflows/quoted_rules.hpp"

#include "engine/json_text.hpp"

#include <array>

namespace cunmai::workflows {

namespace {

struct Quote {
    std::string_view definition, command;
    std::string_view member; // of the context: a JSON pointer
    std::string_view rule;
    std::string_view part = "";
    Json if_unset = nullptr;
};

const std::vector<Quote>& quotes() {
    static const std::vector<Quote> all{
        {"village_lifecycle", "open_ballot", "/committee", "committee"},
        {"village_lifecycle", "nominate", "/required/departments", "required_departments"},
        {"village_lifecycle", "nominate", "/required/interviews", "review_interviews_min"},
        {"village_lifecycle", "nominate", "/required/courtyard_meetings", "review_courtyard_meetings_min"},
        {"village_lifecycle", "report_relapse", "/required/departments", "required_departments"},
        {"village_lifecycle", "report_relapse", "/required/interviews", "review_interviews_min"},
        {"village_lifecycle", "report_relapse", "/required/courtyard_meetings", "review_courtyard_meetings_min"},
        {"village_lifecycle", "endorse", "/required/departments", "required_departments"},
        {"village_lifecycle", "endorse", "/required/interviews", "review_interviews_min"},
        {"village_lifecycle", "endorse", "/required/courtyard_meetings", "review_courtyard_meetings_min"},
        {"village_lifecycle", "close_ballot", "/follow_up_years", "follow_up_years"},
        {"village_lifecycle", "endorse_exit", "/exit_score_min", "exit_score_min"},
        {"village_lifecycle", "endorse_exit", "/exit_public_respondents_min", "exit_public_respondents_min"},
        {"prescription", "issue", "/yellow_while_pending", "prescription_yellow_while_extension_pending"},
        {"prescription", "grant_extension", "/yellow_while_pending", "prescription_yellow_while_extension_pending"},
        {"prescription", "reopen", "/yellow_while_pending", "prescription_yellow_while_extension_pending"},
        {"prescription", "request_extension", "/extensions_max", "extensions_max"},
        {"prescription", "remind", "/recipients", "prescription_reminders", "/before_deadline", Json::array()},
        {"prescription", "fall_overdue", "/recipients", "prescription_reminders", "/at_deadline", Json::array()},
        {"prescription", "escalate", "/recipients", "prescription_reminders", "/after_deadline", Json::array()},
        {"committee_meeting", "convene", "/secret_by_rule", "committee", "/secret", false},
    };
    return all;
}

} // namespace

std::vector<QuotedRule> quoted_rules(const engine::Event& event) {
    std::vector<QuotedRule> found;
    Json context; // read only when something is quoted in it
    for (const auto& quote : quotes()) {
        if (quote.command != event.command || quote.definition != event.definition) continue;
        if (context.is_null()) context = parse_json(event.context);
        const Json::json_pointer member{std::string(quote.member)};
        if (context.contains(member)) // a ballot on entering has no years of follow-up
            found.push_back({std::string(quote.rule), std::string(quote.part), context.at(member), quote.if_unset});
    }
    return found;
}

} // namespace cunmai::workflows
