#include "engine/ballot.hpp"

#include <algorithm>

namespace cunmai::engine::ballot {

namespace {

const Json* member(const Json& ballot, const std::string& person) {
    for (const auto& entry : ballot.at("electorate"))
        if (entry.at("person") == person) return &entry;
    return nullptr;
}

bool contains(const Json& list, const std::string& person) {
    return list.is_array() && std::find(list.begin(), list.end(), person) != list.end();
}

// part > share × whole, in whole numbers.
bool more_than(std::int64_t part, const Json& share, std::int64_t whole) {
    return part * share.at(1).get<std::int64_t>() > whole * share.at(0).get<std::int64_t>();
}

bool less_than(std::int64_t part, const Json& share, std::int64_t whole) {
    return part * share.at(1).get<std::int64_t>() < whole * share.at(0).get<std::int64_t>();
}

int votes_for(const Json& ballot, const Json& tally, const std::string& choice) {
    if (is_secret(ballot)) return tally.is_object() ? tally.value(choice, 0) : 0;
    const auto& votes = ballot.at("votes");
    return static_cast<int>(
        std::count_if(votes.begin(), votes.end(), [&](const Json& vote) { return vote.at("choice") == choice; }));
}

Result result_of(const Json& ballot, const Json& tally, const Count& counted) {
    const bool lacks_quorum =
        counted.entitled == 0 || less_than(counted.present, ballot.at("quorum"), counted.entitled);
    if (is_secret(ballot)) {
        const auto in_box = static_cast<std::size_t>(counted.approve + counted.reject + counted.abstain);
        const bool uncounted = tally.is_null(); // a void ballot: no quorum, or votes lost
        if (uncounted ? !lacks_quorum : in_box != ballot.at("voted").size()) return Result::votes_lost;
    }
    if (lacks_quorum) return Result::no_quorum;
    if (more_than(counted.approve, ballot.at("pass"), counted.entitled)) return Result::passed;
    if (more_than(counted.reject, ballot.at("pass"), counted.entitled)) return Result::rejected;
    return Result::deferred;
}

} // namespace

std::string_view key_of(Result result) {
    switch (result) {
    case Result::passed: return "passed";
    case Result::rejected: return "rejected";
    case Result::deferred: return "deferred";
    case Result::no_quorum: return "no_quorum";
    case Result::votes_lost: return "votes_lost";
    }
    return "";
}

Json open(const Opening& opening) {
    Json ballot{{"number", opening.number}, {"purpose", opening.purpose},       {"meeting", opening.meeting},
                {"chair", opening.chair},   {"opened_at", opening.at.micros},   {"secret", opening.secret},
                {"quorum", opening.quorum}, {"electorate", opening.electorate}, {"pass", opening.pass}};
    if (opening.secret)
        ballot["voted"] = Json::array();
    else
        ballot["votes"] = Json::object();
    return ballot;
}

std::string box_of(const Json& ballot) { return "ballot-" + std::to_string(ballot.at("number").get<int>()); }

bool is_secret(const Json& ballot) { return ballot.value("secret", false); }

bool in_electorate(const Json& ballot, const std::string& person) { return member(ballot, person) != nullptr; }

Json recusal_of(const Json& ballot, const std::string& person) {
    const auto* entry = member(ballot, person);
    return entry ? entry->value("recused", Json()) : Json();
}

std::vector<std::string> entitled(const Json& ballot) {
    std::vector<std::string> people;
    for (const auto& entry : ballot.at("electorate"))
        if (!entry.contains("recused")) people.push_back(entry.at("person"));
    return people;
}

bool has_voted(const Json& ballot, const std::string& person) {
    return is_secret(ballot) ? contains(ballot.at("voted"), person) : ballot.at("votes").contains(person);
}

void keep_vote(Json& ballot, const std::string& person, const std::string& choice, const std::string& reason,
               Instant at) {
    Json vote{{"choice", choice}, {"at", at.micros}};
    if (!reason.empty()) vote["reason"] = reason;
    ballot["votes"][person] = std::move(vote);
}

void keep_sealed_vote(Json& ballot, const std::string& person) {
    if (!has_voted(ballot, person)) ballot["voted"].push_back(person);
}

void recuse(Json& ballot, const std::string& person, const std::string& reason, const std::string& by) {
    for (auto& entry : ballot["electorate"])
        if (entry.at("person") == person) entry["recused"] = {{"reason", reason}, {"by", by}};
    if (is_secret(ballot)) {
        auto& voted = ballot["voted"];
        voted.erase(std::remove(voted.begin(), voted.end(), Json(person)), voted.end());
    } else {
        ballot["votes"].erase(person);
    }
}

Count count(const Json& ballot, const Json& present, const Json& tally) {
    const auto people = entitled(ballot);
    Count counted;
    counted.electorate = static_cast<int>(ballot.at("electorate").size());
    counted.entitled = static_cast<int>(people.size());
    counted.present = static_cast<int>(std::count_if(
        people.begin(), people.end(), [&](const std::string& person) { return contains(present, person); }));
    counted.approve = votes_for(ballot, tally, "approve");
    counted.reject = votes_for(ballot, tally, "reject");
    counted.abstain = votes_for(ballot, tally, "abstain");
    counted.result = result_of(ballot, tally, counted);
    return counted;
}

Json closed(const Json& ballot, const Count& count, Instant at) {
    Json record = ballot;
    record.erase("electorate");
    record["closed_at"] = at.micros;
    record["result"] = key_of(count.result);
    record["counts"] = {{"electorate", count.electorate}, {"entitled", count.entitled}, {"present", count.present},
                        {"approve", count.approve},       {"reject", count.reject},     {"abstain", count.abstain}};
    record["recused"] = Json::array();
    for (const auto& entry : ballot.at("electorate"))
        if (entry.contains("recused"))
            record["recused"].push_back({{"person", entry.at("person")}, {"by", entry.at("recused").at("by")}});
    return record;
}

} // namespace cunmai::engine::ballot
