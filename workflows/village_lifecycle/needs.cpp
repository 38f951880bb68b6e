#include "workflows/village_lifecycle/needs.hpp"

#include "engine/authority.hpp"
#include "engine/ballot.hpp"
#include "workflows/committee_meeting/committee_meeting.hpp"
#include "workflows/common/needs.hpp"
#include "workflows/evaluation/self_check.hpp"
#include "workflows/prescription/states.hpp"
#include "workflows/roles.hpp"
#include "workflows/screening_round/screening_round.hpp"
#include "workflows/screening_round/states.hpp"
#include "workflows/village_lifecycle/facts.hpp"

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

// "ORG-01, ECO-02" or "ORG-01、ECO-02".
std::vector<std::string> codes_in(std::string text) {
    for (const std::string_view between : {"、", "，", "；", ",", ";"})
        for (auto at = text.find(between); at != std::string::npos; at = text.find(between, at))
            text.replace(at, between.size(), 1, ' ');
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

// Looks for a declaration about the village or any place around it; the path is made of the codes of these places.
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
    // A declaration that was in force at any time since the ballot was opened counts: otherwise a member could withdraw
    // it, vote, and be counted.
    const auto& opened_at = part(part(ask.facts, "ballot"), "opened_at");
    const auto since = opened_at.is_number() ? Instant{opened_at.get<std::int64_t>()} : ask.at;
    if (declared_interest(knowledge, person, ask.place.path, since)) return "declared_interest";
    if (is_bound_to(knowledge.roles_of(person), ask.place) ||
        is_bound_to(knowledge.roles_delegated_to(person, ask.at), ask.place))
        return "role_in_place";
    for (const auto* post : posts)
        if (part(part(ask.facts, "posts"), post) == text) return "post_in_village";
    for (const auto& prescription : part(ask.facts, "prescriptions"))
        if (prescription.value("responsible", "") == text &&
            prescription.value("state", "") != prescription::Cancelled::key)
            return "responsible_for_prescription";
    return contains(part(ask.facts, "nominated_by"), text) ? "nominated" : "";
}

std::optional<LinkedCase> meeting_of(const Ask& ask, Knowledge& knowledge) {
    const auto id = ask.given("meeting");
    auto meeting = id.empty() ? std::nullopt : knowledge.linked_case(CaseId{id});
    const bool fits =
        meeting && meeting->definition == meeting::workflow_key && covers(meeting->place_path, ask.place.path);
    return fits ? meeting : std::nullopt;
}

// Whether the named person is fit for the post; adds nothing when nobody is named.
void add_fitness(Json& fits, const Ask& ask, Knowledge& knowledge, const std::string& post, const std::string& person) {
    if (person.empty()) return;
    auto held = knowledge.holders(role_of_post(post), ask.place.path);
    std::erase_if(held, [&](const Holder& holder) { return holder.person.text != person; });
    fits[post] = !held.empty();
    if (post != "coordinator" || held.empty()) return;
    const auto kinds = coordinator_kinds_of(ask.facts);
    fits["coordinator_kind"] = std::any_of(held.begin(), held.end(), [&](const Holder& holder) {
        return std::find(kinds.begin(), kinds.end(), holder.qualifier) != kinds.end();
    });
}

} // namespace

Json RoundStillOpen::gather(const Ask& ask, Knowledge& knowledge) {
    const auto id = ask.batch();
    if (id.empty()) return {};
    const auto named = knowledge.linked_case(CaseId{id});
    if (!named || named->definition != round::workflow_key || named->state != round::IsOpen::key) return false;
    const auto& towns = part(named->facts, "towns");
    return covers(named->place_path, ask.place.path) && (towns.empty() || contains(towns, ask.place.parent));
}

Json NamedIndicators::gather(const Ask& ask, Knowledge& knowledge) {
    const auto given = ask.given("indicators");
    if (given.empty()) return {};
    std::set<std::string> known;
    const auto catalogue = required_rule(knowledge, "catalogue");
    for (const auto& indicator : catalogue.at("indicators")) known.insert(indicator.at("code").get<std::string>());
    auto codes = Json::array(), unknown = Json::array();
    for (const auto& code : codes_in(given))
        if (auto& list = known.contains(code) ? codes : unknown; !contains(list, code)) list.push_back(code);
    return {{"codes", codes}, {"unknown", unknown}};
}

Json DigestOfAnswers::gather(const Ask& ask, Knowledge& knowledge) {
    const auto given = ask.given("answers");
    if (given.empty()) return {};
    const auto document = knowledge.document(given);
    if (!document) return {};
    const auto answers = Json::parse(*document, nullptr, false);
    auto digest = self_check::digest(required_rule(knowledge, "catalogue"), answers);
    if (!digest.contains("unreadable")) digest["evidence_unknown"] = evidence_unknown(answers, knowledge);
    return digest;
}

Json ReviewRequirements::gather(const Ask&, Knowledge& knowledge) {
    return {{"departments", required_rule(knowledge, "required_departments")},
            {"interviews", required_rule(knowledge, "review_interviews_min")},
            {"courtyard_meetings", required_rule(knowledge, "review_courtyard_meetings_min")}};
}

// ---- ballots ------------------------------------------------------------------------------------------------------

Json Electorate::gather(const Ask& ask, Knowledge& knowledge) {
    auto electorate = Json::array();
    for (const auto& person : committee(knowledge, ask.place.path)) {
        Json entry{{"person", person}};
        if (const auto interest = interest_of(ask, knowledge, person); !interest.empty())
            entry["recused"] = {{"reason", interest}, {"by", "system"}};
        electorate.push_back(std::move(entry));
    }
    return electorate;
}

Json NamedMeeting::gather(const Ask& ask, Knowledge& knowledge) {
    const auto meeting = meeting_of(ask, knowledge);
    if (!meeting) return {{"found", false}};
    return {{"found", true},
            {"state", meeting->state},
            {"on_agenda", contains(part(meeting->facts, "agenda"), ask.case_id.text)},
            {"chair", part(meeting->facts, "chair")},
            {"secret", part(meeting->facts, "secret") == true},
            {"present", part(meeting->facts, "present")}};
}

Json BallotNumber::gather(const Ask& ask, Knowledge&) {
    const auto& ballot = part(ask.facts, "ballot");
    return ballot.is_object() ? part(ballot, "number") : Json();
}

Json VotersInterest::gather(const Ask& ask, Knowledge& knowledge) {
    if (!has_open_ballot(ask.facts)) return {};
    const auto interest = interest_of(ask, knowledge, ask.acting_for().text);
    return interest.empty() ? Json() : Json(interest);
}

Json InterestedSince::gather(const Ask& ask, Knowledge& knowledge) {
    Json interested;
    if (!has_open_ballot(ask.facts)) return interested;
    for (const auto& person : ballot::entitled(ask.facts.at("ballot")))
        if (const auto interest = interest_of(ask, knowledge, person); !interest.empty())
            interested.push_back({{"person", person}, {"reason", interest}});
    return interested;
}

Json Tally::gather(const Ask& ask, Knowledge& knowledge) {
    const auto& ballot = part(ask.facts, "ballot");
    if (!ballot.is_object() || !ballot::is_secret(ballot)) return {};
    const auto& interested = needs::get<InterestedSince>(ask);
    std::vector<PersonId> struck;
    for (const auto& one : interested) struck.push_back({one.at("person").get<std::string>()});
    auto tally = struck.empty() ? ask.box_tally() : knowledge.box_tally(ask.case_id, ballot::box_of(ballot), struck);
    const auto result = counted(ballot_to_count(ask.facts, interested), tally).result;
    // The votes of a void ballot stay unknown: otherwise the totals of two ballots that differ by one voter would
    // tell that person's vote.
    if (result == ballot::Result::no_quorum || result == ballot::Result::votes_lost) return {};
    return tally;
}

Json AwaitedVotes::gather(const Ask& ask, Knowledge& knowledge) {
    Json awaited;
    if (!has_open_ballot(ask.facts)) return awaited;
    const auto members = committee(knowledge, ask.place.path); // a member who left it is not waited for
    for (const auto& person : awaited_votes(ballot_to_count(ask.facts, needs::get<InterestedSince>(ask))))
        if (std::find(members.begin(), members.end(), person) != members.end()) awaited.push_back(person);
    return awaited;
}

// ---- management ---------------------------------------------------------------------------------------------------

// `assign` has a field for each post, `replace_assignee` names one.
Json AssigneesFitness::gather(const Ask& ask, Knowledge& knowledge) {
    auto fits = Json::object();
    for (const auto* post : posts) add_fitness(fits, ask, knowledge, post, ask.given(post));
    add_fitness(fits, ask, knowledge, ask.given("post"), ask.given("person"));
    return fits;
}

} // namespace cunmai::workflows::village
