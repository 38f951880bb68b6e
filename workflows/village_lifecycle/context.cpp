// What a command on a village's case needs from outside. Small: it stands in the event.
#include "workflows/common/context.hpp"
#include "engine/authority.hpp"
#include "engine/ballot.hpp"
#include "workflows/common/rules.hpp"
#include "workflows/evaluation/self_check.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/view.hpp"

#include <algorithm>

namespace cunmai::workflows::village {

using namespace engine;

namespace {

// Codes of the answers that name evidence which was never uploaded.
Json evidence_unknown(const Json& answers, Knowledge& knowledge) {
    auto codes = Json::array();
    for (const auto& [code, answer] : part(answers, "answers").items())
        for (const auto& sha256 : self_check::evidence_of(answer))
            if (!sha256.is_string() || !knowledge.document_exists(sha256.get<std::string>())) {
                codes.push_back(code.substr(0, 40));
                break;
            }
    return codes;
}

Json digest_of_answers(const Ask& ask, Knowledge& knowledge) {
    const auto document = knowledge.document(ask.given("answers"));
    if (!document) return {};
    const auto answers = Json::parse(*document, nullptr, false);
    auto digest = self_check::digest(required_rule(knowledge, "catalogue"), answers);
    if (!digest.contains("unreadable")) digest["evidence_unknown"] = evidence_unknown(answers, knowledge);
    return digest;
}

Json what_review_requires(Knowledge& knowledge) {
    return {{"departments", required_rule(knowledge, "required_departments")},
            {"interviews", required_rule(knowledge, "review_interviews_min")},
            {"courtyard_meetings", required_rule(knowledge, "review_courtyard_meetings_min")}};
}

// A role bound to the village itself or to its town is an interest in it; one over the whole district is not.
bool has_role_in(Knowledge& knowledge, const PersonId& person, const Place& place) {
    const auto held = knowledge.roles_of(person);
    return std::any_of(held.begin(), held.end(), [&](const Holder& holder) {
        const auto depth = std::count(holder.place_path.begin(), holder.place_path.end(), '/') - 1;
        return depth >= 2 && covers(holder.place_path, place.path);
    });
}

Json electorate_of(const Ask& ask, Knowledge& knowledge) {
    auto electorate = Json::array();
    for (const auto& text : committee(knowledge, ask.place.path)) {
        const PersonId person{text};
        Json entry{{"person", text}};
        if (knowledge.declared_interest(person, ask.place.code) ||
            knowledge.declared_interest(person, ask.place.parent))
            entry["recused"] = {{"reason", "declared_interest"}, {"by", "system"}};
        else if (has_role_in(knowledge, person, ask.place))
            entry["recused"] = {{"reason", "role_in_place"}, {"by", "system"}};
        electorate.push_back(std::move(entry));
    }
    return electorate;
}

bool contains(const Json& list, const std::string& item) {
    return list.is_array() && std::find(list.begin(), list.end(), item) != list.end();
}

std::optional<LinkedCase> meeting_of(Knowledge& knowledge, const std::string& id) {
    auto meeting = id.empty() ? std::nullopt : knowledge.linked_case(CaseId{id});
    if (meeting && meeting->definition != "committee_meeting") meeting.reset();
    return meeting;
}

void gather_opening(const Ask& ask, Knowledge& knowledge, Json& context) {
    context["committee"] = required_rule(knowledge, "committee");
    context["electorate"] = electorate_of(ask, knowledge);
    const auto meeting = meeting_of(knowledge, ask.given("meeting"));
    context["meeting"] = {{"found", meeting.has_value()}};
    if (!meeting) return;
    context["meeting"]["state"] = meeting->state;
    context["meeting"]["on_agenda"] = contains(part(meeting->facts, "agenda"), ask.case_id.text);
    context["meeting"]["chair"] = part(meeting->facts, "chair");
    context["meeting"]["secret"] = part(meeting->facts, "secret") == true;
}

std::optional<LinkedCase> meeting_of_ballot(const Ask& ask, Knowledge& knowledge) {
    return meeting_of(knowledge, part(ask.facts, "ballot").value("meeting", ""));
}

Json fits(const Ask& ask, Knowledge& knowledge) {
    auto result = Json::object();
    const auto check = [&](std::string_view post, const std::string& person) {
        if (!person.empty())
            result[std::string(post)] = holds_role(knowledge, role_of_post(post), person, ask.place.path);
    };
    if (ask.command == "replace_assignee")
        check(ask.given("post"), ask.given("person"));
    else
        for (const auto* post : posts) check(post, ask.given(post));
    return result;
}

} // namespace

Json gather(const DefinitionInfo& info, const Ask& ask, Knowledge& knowledge) {
    auto context = Json::object();
    if (auto missing = missing_documents(info, ask, knowledge); !missing.empty())
        context["documents_missing"] = std::move(missing);

    if (ask.command == "submit_self_check") {
        if (!ask.given("answers").empty()) context["self_check"] = digest_of_answers(ask, knowledge);
    } else if (ask.command == "nominate" || ask.command == "report_relapse" || ask.command == "endorse") {
        context["required"] = what_review_requires(knowledge);
    } else if (ask.command == "open_ballot") {
        gather_opening(ask, knowledge, context);
    } else if (ask.command == "cast_vote" && has_open_ballot(ask.facts)) {
        if (const auto meeting = meeting_of_ballot(ask, knowledge))
            context["meeting"] = {{"state", meeting->state},
                                  {"present", contains(part(meeting->facts, "present"), ask.acting_for().text)}};
    } else if (ask.command == "close_ballot" && has_open_ballot(ask.facts)) {
        if (const auto meeting = meeting_of_ballot(ask, knowledge))
            context["present"] = part(meeting->facts, "present");
        if (ask.state == "exit_approval") context["follow_up_years"] = required_rule(knowledge, "follow_up_years");
    } else if (ask.command == "assign" || ask.command == "replace_assignee") {
        context["fits"] = fits(ask, knowledge);
    } else if (ask.command == "endorse_exit") {
        context["exit_score_min"] = required_rule(knowledge, "exit_score_min");
        context["exit_public_respondents_min"] = required_rule(knowledge, "exit_public_respondents_min");
    }
    return context;
}

std::optional<Seal> seal_of(const Ask& ask) {
    const auto& ballot = part(ask.facts, "ballot");
    if (ask.command != "cast_vote" || !ballot.is_object() || !ballot::is_secret(ballot)) return {};
    return Seal{ballot::box_of(ballot), "choice"};
}

std::optional<std::string> box_opened_by(const Ask& ask) {
    const auto& ballot = part(ask.facts, "ballot");
    if (ask.command != "close_ballot" || !ballot.is_object() || !ballot::is_secret(ballot)) return {};
    return ballot::box_of(ballot);
}

} // namespace cunmai::workflows::village
