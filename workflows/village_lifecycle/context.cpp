// What a command on a village's case needs from outside. Small: it stands in the event.
#include "workflows/common/context.hpp"
#include "engine/authority.hpp"
#include "engine/ballot.hpp"
#include "workflows/common/rules.hpp"
#include "workflows/evaluation/self_check.hpp"
#include "workflows/roles.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/view.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace cunmai::workflows::village {

using namespace engine;

namespace {

bool contains(const Json& list, const std::string& item) {
    return list.is_array() && std::find(list.begin(), list.end(), item) != list.end();
}

// Codes of the answers that name evidence which was never uploaded.
Json evidence_unknown(const Json& answers, Knowledge& knowledge) {
    std::set<std::string> named;
    const auto& all = part(answers, "answers");
    for (const auto& answer : all)
        for (const auto& sha256 : self_check::evidence_of(answer))
            if (sha256.is_string()) named.insert(sha256.get<std::string>());
    const auto there = knowledge.documents_there(named);
    auto codes = Json::array();
    for (const auto& [code, answer] : all.items()) {
        const auto evidence = self_check::evidence_of(answer);
        const bool is_known = std::all_of(evidence.begin(), evidence.end(), [&](const Json& sha256) {
            return sha256.is_string() && there.contains(sha256.get<std::string>());
        });
        if (!is_known) codes.push_back(code.substr(0, 40));
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

// "ORG-01, ECO-02" or "ORG-01、ECO-02".
std::vector<std::string> codes_in(std::string text) {
    for (const std::string_view between : {"、", "，", "；", ",", ";"})
        for (auto at = text.find(between); at != std::string::npos; at = text.find(between, at))
            text.replace(at, between.size(), 1, ' ');
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

Json named_indicators(const Ask& ask, Knowledge& knowledge) {
    std::set<std::string> known;
    const auto catalogue = required_rule(knowledge, "catalogue");
    for (const auto& indicator : catalogue.at("indicators")) known.insert(indicator.at("code").get<std::string>());
    auto codes = Json::array(), unknown = Json::array();
    for (const auto& code : codes_in(ask.given("indicators")))
        if (auto& list = known.contains(code) ? codes : unknown; !contains(list, code)) list.push_back(code);
    return {{"codes", codes}, {"unknown", unknown}};
}

bool is_open_round(const Ask& ask, Knowledge& knowledge, const std::string& id) {
    const auto round = knowledge.linked_case(CaseId{id});
    if (!round || round->definition != "screening_round" || round->state != "open") return false;
    const auto& towns = part(round->facts, "towns");
    return covers(round->place_path, ask.place.path) && (towns.empty() || contains(towns, ask.place.parent));
}

Json what_review_requires(Knowledge& knowledge) {
    return {{"departments", required_rule(knowledge, "required_departments")},
            {"interviews", required_rule(knowledge, "review_interviews_min")},
            {"courtyard_meetings", required_rule(knowledge, "review_courtyard_meetings_min")}};
}

// For the village, or for a place around it: its path is made of their codes.
bool declared_interest(Knowledge& knowledge, const PersonId& person, std::string_view path, Instant since) {
    for (auto from = path.find('/'), to = path.find('/', from + 1); to != std::string_view::npos;
         from = to, to = path.find('/', from + 1))
        if (knowledge.declared_interest(person, path.substr(from + 1, to - from - 1), since)) return true;
    return false;
}

// A role bound to the village itself or to its town is an interest in it; one over the whole district is not.
bool is_bound_to(const std::vector<Holder>& held, const Place& place) {
    return std::any_of(held.begin(), held.end(), [&](const Holder& holder) {
        const auto depth = std::count(holder.place_path.begin(), holder.place_path.end(), '/') - 1;
        return depth >= 2 && covers(holder.place_path, place.path);
    });
}

// Why the person has an interest in the village of this case (domain.md §2); empty: they have none.
std::string interest_of(const Ask& ask, Knowledge& knowledge, const std::string& text) {
    const PersonId person{text};
    // While a ballot is open nobody withdraws what they declared, votes, and is counted.
    const auto& opened_at = part(part(ask.facts, "ballot"), "opened_at");
    const auto since = opened_at.is_number() ? Instant{opened_at.get<std::int64_t>()} : ask.at;
    if (declared_interest(knowledge, person, ask.place.path, since)) return "declared_interest";
    if (is_bound_to(knowledge.roles_of(person), ask.place) ||
        is_bound_to(knowledge.roles_delegated_to(person, ask.at), ask.place))
        return "role_in_place";
    for (const auto* post : posts)
        if (part(part(ask.facts, "posts"), post) == text) return "post_in_village";
    for (const auto& prescription : part(ask.facts, "prescriptions"))
        if (prescription.value("responsible", "") == text && prescription.value("state", "") != "cancelled")
            return "responsible_for_prescription";
    return contains(part(ask.facts, "nominated_by"), text) ? "nominated" : "";
}

Json electorate_of(const Ask& ask, Knowledge& knowledge) {
    auto electorate = Json::array();
    for (const auto& person : committee(knowledge, ask.place.path)) {
        Json entry{{"person", person}};
        if (const auto interest = interest_of(ask, knowledge, person); !interest.empty())
            entry["recused"] = {{"reason", interest}, {"by", "system"}};
        electorate.push_back(std::move(entry));
    }
    return electorate;
}

// Entitled members who came to have an interest since the ballot was opened.
Json interested_since(const Ask& ask, Knowledge& knowledge) {
    auto interested = Json::array();
    for (const auto& person : ballot::entitled(ask.facts.at("ballot")))
        if (const auto interest = interest_of(ask, knowledge, person); !interest.empty())
            interested.push_back({{"person", person}, {"reason", interest}});
    return interested;
}

std::optional<LinkedCase> meeting_of(const Ask& ask, Knowledge& knowledge) {
    const auto id = ask.given("meeting");
    auto meeting = id.empty() ? std::nullopt : knowledge.linked_case(CaseId{id});
    const bool fits =
        meeting && meeting->definition == "committee_meeting" && covers(meeting->place_path, ask.place.path);
    return fits ? meeting : std::nullopt;
}

void gather_opening(const Ask& ask, Knowledge& knowledge, Json& context) {
    context["committee"] = required_rule(knowledge, "committee");
    context["electorate"] = electorate_of(ask, knowledge);
    const auto meeting = meeting_of(ask, knowledge);
    context["meeting"] = {{"found", meeting.has_value()}};
    if (!meeting) return;
    context["meeting"]["state"] = meeting->state;
    context["meeting"]["on_agenda"] = contains(part(meeting->facts, "agenda"), ask.case_id.text);
    context["meeting"]["chair"] = part(meeting->facts, "chair");
    context["meeting"]["secret"] = part(meeting->facts, "secret") == true;
    context["meeting"]["present"] = part(meeting->facts, "present");
}

void gather_closing(const Ask& ask, Knowledge& knowledge, Json& context) {
    const auto& ballot = ask.facts.at("ballot");
    auto interested = interested_since(ask, knowledge);
    std::vector<PersonId> struck;
    for (const auto& one : interested) struck.push_back({one.at("person").get<std::string>()});
    if (ballot::is_secret(ballot)) {
        auto tally = struck.empty() ? part(ask.context, "tally")
                                    : knowledge.box_tally(ask.case_id, ballot::box_of(ballot), struck);
        const auto result = counted(ballot_to_count(ask.facts, interested), tally).result;
        // Nobody is told what lay in the box of a void one: else two ballots with one voter between them tell a vote.
        if (result == ballot::Result::no_quorum || result == ballot::Result::votes_lost) tally = nullptr;
        context["tally"] = std::move(tally);
    }
    auto awaited = Json::array();
    const auto members = committee(knowledge, ask.place.path); // who left it votes no more
    for (const auto& person : awaited_votes(ballot_to_count(ask.facts, interested)))
        if (std::find(members.begin(), members.end(), person) != members.end()) awaited.push_back(person);
    if (!awaited.empty()) context["awaited"] = std::move(awaited);
    if (!interested.empty()) context["interested"] = std::move(interested);
    if (ask.state == "exit_approval") context["follow_up_years"] = required_rule(knowledge, "follow_up_years");
}

Json fits(const Ask& ask, Knowledge& knowledge) {
    auto result = Json::object();
    const auto kinds = coordinator_kinds_of(ask.facts);
    const auto check = [&](const std::string& post, const std::string& person) {
        if (person.empty()) return;
        auto held = knowledge.holders(role_of_post(post), ask.place.path);
        std::erase_if(held, [&](const Holder& holder) { return holder.person.text != person; });
        result[post] = !held.empty();
        if (post == "coordinator" && !held.empty())
            result["coordinator_kind"] = std::any_of(held.begin(), held.end(), [&](const Holder& holder) {
                return std::find(kinds.begin(), kinds.end(), holder.qualifier) != kinds.end();
            });
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

    if (const auto round = ask.context.value("batch", ""); !round.empty())
        context["round_is_open"] = is_open_round(ask, knowledge, round);

    if (ask.command == "open_targeted") {
        if (!ask.given("indicators").empty()) context["indicators"] = named_indicators(ask, knowledge);
    } else if (ask.command == "submit_self_check") {
        if (!ask.given("answers").empty()) context["self_check"] = digest_of_answers(ask, knowledge);
    } else if (ask.command == "nominate" || ask.command == "report_relapse" || ask.command == "endorse") {
        context["required"] = what_review_requires(knowledge);
    } else if (ask.command == "open_ballot") {
        gather_opening(ask, knowledge, context);
    } else if (ask.command == "cast_vote" && has_open_ballot(ask.facts)) {
        context["ballot"] = part(part(ask.facts, "ballot"), "number"); // read by those who withhold votes
        if (const auto interest = interest_of(ask, knowledge, ask.acting_for().text); !interest.empty())
            context["interest"] = interest;
    } else if (ask.command == "close_ballot" && has_open_ballot(ask.facts)) {
        gather_closing(ask, knowledge, context);
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
