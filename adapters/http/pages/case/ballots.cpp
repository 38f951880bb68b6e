#include "adapters/http/pages/case/ballots.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

const Json& part(const Json& facts, std::string_view key) {
    static const Json nothing;
    if (!facts.is_object()) return nothing;
    const auto found = facts.find(std::string(key));
    return found == facts.end() ? nothing : *found;
}

std::string text_of(const Json& facts, std::string_view key) {
    const auto& value = part(facts, key);
    return value.is_string() ? value.get<std::string>() : value.is_number() ? value.dump() : "";
}

Json vote_rows(const View& view, const Json& counts) {
    auto rows = Json::array();
    const auto of = text_of(counts, "entitled");
    for (const auto* choice : {"approve", "reject", "abstain"})
        rows.push_back({{"row_text", choice_name(view.language(), "choice", choice)},
                        {"count", text_of(counts, choice)},
                        {"of", of == "0" ? "1" : of}});
    return rows;
}

std::string share(const Json& fraction) {
    return fraction.is_array() && fraction.size() == 2 ? fraction[0].dump() + "/" + fraction[1].dump() : "";
}

int quorum_of(const Json& fraction, int entitled) {
    if (!fraction.is_array() || fraction.size() != 2) return 0;
    const int over = fraction[0].get<int>(), under = fraction[1].get<int>();
    return under == 0 ? 0 : (entitled * over + under - 1) / under;
}

// Why fewer are counted here than the committee has members.
std::string recusals(const View& view, const std::vector<std::string>& names, int entitled) {
    return view.t("page.ballot.recused", {{"names", join(view.language(), names)},
                                          {"count", names.size()},
                                          {"members", static_cast<std::size_t>(entitled) + names.size()},
                                          {"entitled", entitled}});
}

// The meeting of a ballot, for who may open it: who sees a village doesn't see the committee's meetings by that.
Json meeting_href(const View& view, const Json& ballot) {
    const auto row = view.reading().find({text_of(ballot, "meeting")});
    return row ? Json(case_href(view.app, *row)) : Json(false);
}

Json open_ballot(const View& view, const Json& ballot, const Json& present, const Names& names) {
    std::vector<std::string> recused;
    int entitled = 0, at_meeting = 0;
    for (const auto& entry : part(ballot, "electorate")) {
        const auto person = text_of(entry, "person");
        if (entry.contains("recused")) {
            recused.push_back(names.of(person));
            continue;
        }
        ++entitled;
        if (present.is_array() && std::find(present.begin(), present.end(), Json(person)) != present.end())
            ++at_meeting;
    }
    const auto voted = part(ballot, "secret") == true ? part(ballot, "voted").size() : part(ballot, "votes").size();
    auto rule =
        view.t("page.ballot.rule", {{"quorum", share(part(ballot, "quorum"))}, {"pass", share(part(ballot, "pass"))}}) +
        " " + view.t("page.ballot.voted", {{"count", voted}});
    if (!recused.empty()) rule += " " + recusals(view, recused, entitled);
    return {{"ballot_id", text_of(ballot, "number")},
            {"tag_tone", "waiting"},
            {"tag_text", view.t("page.ballot.open")},
            {"is_open", true},
            {"entitled", std::to_string(entitled)},
            {"present", present.is_array() ? std::to_string(at_meeting) : "–"},
            {"quorum", std::to_string(quorum_of(part(ballot, "quorum"), entitled))},
            {"has_counts", false},
            {"rows", Json::array()},
            {"rule_text", rule},
            {"has_votes", false},
            {"votes_open", false},
            {"votes", Json::array()},
            {"ballot_minutes", false},
            {"minutes_href", meeting_href(view, ballot)},
            {"minutes_name", view.t("page.ballot.to_meeting")}};
}

Json closed_ballot(const View& view, const Json& ballot, const Names& names) {
    const auto& counts = part(ballot, "counts");
    const auto result = text_of(ballot, "result");
    auto votes = Json::array();
    for (const auto& [person, vote] : part(ballot, "votes").items())
        votes.push_back({{"voter", names.of(person)},
                         {"vote_text", choice_name(view.language(), "choice", text_of(vote, "choice"))},
                         {"vote_reason", or_false(text_of(vote, "reason"))}});
    std::vector<std::string> recused;
    for (const auto& entry : part(ballot, "recused")) recused.push_back(names.of(text_of(entry, "person")));
    auto rule =
        view.t("page.ballot.rule", {{"quorum", share(part(ballot, "quorum"))}, {"pass", share(part(ballot, "pass"))}});
    const int entitled = part(counts, "entitled").is_number() ? part(counts, "entitled").get<int>() : 0;
    if (!recused.empty()) rule += " " + recusals(view, recused, entitled);
    const bool is_secret = part(ballot, "secret") == true;
    const bool is_counted = !is_secret || (result != "no_quorum" && result != "votes_lost");
    if (is_secret) rule += " " + view.t(is_counted ? "page.ballot.secret" : "page.ballot.not_counted");
    return {{"ballot_id", text_of(ballot, "number")},
            {"tag_tone", result == "passed"     ? "green"
                         : result == "rejected" ? "red"
                                                : "yellow"},
            {"tag_text", view.t("result." + result)},
            {"is_open", false},
            {"entitled", text_of(counts, "entitled")},
            {"present", text_of(counts, "present")},
            {"quorum", std::to_string(quorum_of(part(ballot, "quorum"), entitled))},
            {"has_counts", is_counted},
            {"rows", vote_rows(view, counts)},
            {"rule_text", rule},
            {"has_votes", !votes.empty()},
            {"votes_open", false},
            {"votes", votes},
            {"ballot_minutes", false},
            {"minutes_href", meeting_href(view, ballot)},
            {"minutes_name", view.t("page.ballot.to_meeting")}};
}

} // namespace

const engine::Ballots* ballots_of(const App& app, const engine::CaseRow& row) {
    const auto* definition = definition_of(app, row);
    return definition && definition->presentation().ballots ? &*definition->presentation().ballots : nullptr;
}

const Json& open_ballot_in(const App& app, const engine::CaseRow& row) {
    const auto* held = ballots_of(app, row);
    return part(row.facts, held ? held->open_fact : "");
}

void want_people_of_ballots(const App& app, const engine::CaseRow& row, Names& names) {
    const auto* held = ballots_of(app, row);
    if (!held) return;
    for (const auto& entry : part(part(row.facts, held->open_fact), "electorate")) names.want(part(entry, "person"));
    for (const auto& ballot : part(row.facts, held->closed_fact)) {
        for (const auto& [person, vote] : part(ballot, "votes").items()) names.want(person);
        names.want(part(ballot, "voted"));
        for (const auto& recused : part(ballot, "recused")) names.want(part(recused, "person"));
    }
}

Json own_vote(const View& view, const engine::CaseRow& row) {
    const auto& ballot = open_ballot_in(view.app, row);
    const auto says = [&](const std::string& vote) {
        return Json{{"row_label", view.t("page.ballot.mine")}, {"row_value", vote}, {"row_href", false}};
    };
    const auto& me = view.me().text;
    if (const auto& mine = part(part(ballot, "votes"), me); mine.is_object())
        return says(choice_name(view.language(), "choice", text_of(mine, "choice")));
    const auto& voted = part(ballot, "voted");
    if (std::find(voted.begin(), voted.end(), Json(me)) != voted.end()) return says(view.t("page.ballot.mine_sealed"));
    return false;
}

Json ballots(const View& view, const engine::CaseRow& row, const Json& present, const Names& names) {
    auto list = Json::array();
    const auto add = [&](Json made, const Json& ballot, const char* at) {
        const auto when = part(ballot, at);
        made["ballot_title"] =
            view.t("page.ballot.title_" + text_of(ballot, "purpose"),
                   {{"number", text_of(ballot, "number")},
                    {"date", when.is_number() ? view.local_day(engine::Instant{when.get<std::int64_t>()}) : ""}});
        list.push_back(std::move(made));
    };
    const auto* held = ballots_of(view.app, row);
    if (!held) return list;
    if (const auto& open = part(row.facts, held->open_fact); open.is_object())
        add(open_ballot(view, open, present, names), open, "opened_at");
    const auto& closed = part(row.facts, held->closed_fact);
    if (closed.is_array())
        for (auto ballot = closed.rbegin(); ballot != closed.rend(); ++ballot)
            add(closed_ballot(view, *ballot, names), *ballot, "closed_at");
    return list;
}

} // namespace cunmai::http::pages
