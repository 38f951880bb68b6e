#include "adapters/http/pages/case/case_facts.hpp"

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
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_float()) {
        auto text = value.dump();
        if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0) text.resize(text.size() - 2);
        return text;
    }
    return value.is_number() ? value.dump() : "";
}

class Rows {
  public:
    explicit Rows(const View& view) : view_(view) {}

    void add(const std::string& label, const std::string& value, const std::string& href = "") {
        if (!value.empty()) list_.push_back({{"row_label", label}, {"row_value", value}, {"row_href", or_false(href)}});
    }
    void fact(const Json& facts, const std::string& key) {
        add(field_name(view_.language(), key), text_of(facts, key));
    }
    void choice(const Json& facts, const std::string& key) {
        if (const auto value = text_of(facts, key); !value.empty())
            add(field_name(view_.language(), key), choice_name(view_.language(), key, value));
    }
    void person(const Json& facts, const std::string& key, const Names& names) {
        if (const auto value = text_of(facts, key); !value.empty())
            add(field_name(view_.language(), key), names.of(value));
    }
    Json take() { return std::move(list_); }
    bool empty() const { return list_.empty(); }

  private:
    const View& view_;
    Json list_ = Json::array();
};

std::string department(const View& view, const std::string& key) { return view.t("department." + key); }

void put_village(View& view, const engine::CaseRow& row, Rows& rows) {
    const auto& facts = row.facts;
    const auto& language = view.language();
    if (const auto category = text_of(facts, "category"); !category.empty()) {
        std::vector<std::string> secondary;
        for (const auto& key : part(facts, "secondary_categories"))
            secondary.push_back(category_name(language, key.get<std::string>()));
        rows.add(field_name(language, "category"),
                 category_name(language, category) +
                     (secondary.empty() ? "" : view.t("page.case.also", {{"categories", join(language, secondary)}})));
    }
    if (part(facts, "targeted") == true) rows.add(view.t("page.case.how_opened"), view.t("page.case.targeted"));
    if (const auto round = text_of(facts, "round"); !round.empty())
        rows.add(view.t("page.case.round"), view.t("page.case.open_round"), "/cases?round=" + encode(round));
    const auto& due = part(facts, "due");
    for (const auto* key : {"self_check_due_on", "screening_due_on", "review_due_on", "committee_due_on"})
        if (const auto value = text_of(due, key); !value.empty()) rows.add(field_name(language, key), value);
    if (const auto& check = part(facts, "self_check"); check.is_object()) {
        const auto& warnings = part(facts, "warnings");
        rows.add(view.t("page.case.self_check"),
                 view.t("page.case.self_check_counts", {{"answered", text_of(check, "answered")},
                                                        {"not_applicable", text_of(check, "not_applicable")},
                                                        {"expected", text_of(check, "expected")},
                                                        {"yellow", text_of(warnings, "yellow")},
                                                        {"red", text_of(warnings, "red")}}),
                 "/cases/" + row.id.text + "/answers");
    }
    if (part(facts, "monitoring_pool") == true)
        rows.add(view.t("page.case.monitoring_pool"),
                 view.t("page.case.since", {{"date", text_of(facts, "monitoring_pool_on")}}));
    if (const auto date = text_of(facts, "managed_on"); !date.empty()) rows.add(view.t("page.case.managed_on"), date);
    if (const auto date = text_of(facts, "exit_vote_on"); !date.empty())
        rows.add(view.t("page.case.exit_vote_on"), date);
    if (const auto date = text_of(facts, "follow_up_until"); !date.empty())
        rows.add(view.t("page.case.follow_up_until"), date);
    if (const auto times = text_of(facts, "relapses"); !times.empty()) rows.add(view.t("page.case.relapses"), times);
}

// What was agreed and how far it is.
void put_agreement(View& view, const Json& facts, Rows& rows, const Names& names) {
    for (const auto* key : {"problem", "root_cause", "task", "measures"}) rows.fact(facts, key);
    rows.fact(facts, "acceptance_criterion");
    rows.person(facts, "responsible_person", names);
    rows.fact(facts, "deadline_on");
    if (const auto percent = text_of(facts, "percent"); !percent.empty())
        rows.add(view.t("page.case.progress"), percent + "%");
    if (const auto& extension = part(facts, "extension"); extension.is_object())
        rows.add(view.t("page.case.extension_pending"),
                 view.t("page.case.extension_text",
                        {{"date", text_of(extension, "until_on")}, {"reason", text_of(extension, "reason")}}));
    rows.add(view.t("page.case.extensions_granted"), text_of(facts, "extensions_granted"));
    rows.fact(facts, "missing");
}

void put_prescription(View& view, const engine::CaseRow& row, Rows& rows, const Names& names) {
    const auto& facts = row.facts;
    if (!row.parent.empty()) rows.add(view.t("page.case.village"), row.place.name, "/cases/" + row.parent.text);
    put_agreement(view, facts, rows, names);
    if (const auto key = text_of(facts, "supporting_department"); !key.empty())
        rows.add(field_name(view.language(), "supporting_department"), department(view, key));
    rows.fact(facts, "funds_requested");
    rows.choice(facts, "system");
    rows.fact(facts, "source");
    rows.add(view.t("page.case.issuer"), names.of(text_of(facts, "issuer")));
    rows.add(view.t("page.case.issued_on"), text_of(facts, "issued_on"));
    rows.add(view.t("page.case.closed_on"), text_of(facts, "closed_on"));
}

} // namespace

void want_people_of_facts(const engine::CaseRow& row, Names& names) {
    const auto& facts = row.facts;
    for (const auto* key : {"responsible_person", "issuer", "drafted_by", "chair", "present"})
        names.want(part(facts, key));
    for (const auto& [post, person] : part(facts, "posts").items()) names.want(person);
    for (const auto& [key, opinion] : part(facts, "opinions").items()) names.want(part(opinion, "by"));
    for (const auto& [key, opinion] : part(part(facts, "exit"), "opinions").items()) names.want(part(opinion, "by"));
    for (const auto& look_back : part(facts, "look_backs")) names.want(part(look_back, "by"));
    for (const auto& entry : part(part(facts, "ballot"), "electorate")) names.want(part(entry, "person"));
    for (const auto& ballot : part(facts, "ballots")) {
        for (const auto& [person, vote] : part(ballot, "votes").items()) names.want(person);
        names.want(part(ballot, "voted"));
        for (const auto& recused : part(ballot, "recused")) names.want(part(recused, "person"));
    }
}

Json summary_rows(View& view, const engine::CaseRow& row, const Names& names) {
    Rows rows(view);
    rows.add(view.t("page.case.number"), view.number(row.id));
    if (row.definition == "village_lifecycle")
        put_village(view, row, rows);
    else if (row.definition == "prescription")
        put_prescription(view, row, rows, names);
    rows.add(view.t("page.case.opened"), view.local(row.opened_at));
    rows.add(view.t("page.case.updated"), view.local(row.updated_at));
    return rows.take();
}

Json agreement_rows(View& view, const engine::CaseRow& row, const Names& names) {
    Rows rows(view);
    put_agreement(view, row.facts, rows, names);
    return rows.take();
}

Json village_sections(View& view, const engine::CaseRow& row, const Names& names) {
    const auto& facts = row.facts;
    const auto& language = view.language();
    auto sections = Json::array();
    const auto keep = [&](const std::string& part, Rows& rows) {
        if (!rows.empty())
            sections.push_back({{"part", part}, {"heading", view.t("page.case." + part)}, {"rows", rows.take()}});
    };

    Rows review(view);
    for (const auto& [key, opinion] : part(facts, "opinions").items())
        review.add(
            department(view, key),
            view.t("page.case.opinion", {{"opinion", choice_name(language, "opinion", text_of(opinion, "opinion"))},
                                         {"name", names.of(text_of(opinion, "by"))},
                                         {"text", text_of(opinion, "text")}}));
    for (const auto& [kind, times] : part(facts, "visits").items())
        review.add(view.t("page.case.visits_" + kind), times.dump());
    keep("review", review);

    Rows posts(view);
    for (const auto* post : {"commander", "supervisor", "coordinator"}) posts.person(part(facts, "posts"), post, names);
    const auto& plan = part(facts, "plan");
    for (const auto* key : {"programme", "measures", "funds_committed", "monitoring_cycle_days"}) posts.fact(plan, key);
    if (const auto date = text_of(plan, "adopted_on"); !date.empty())
        posts.add(view.t("page.case.plan_adopted_on"), date);
    keep("plan", posts);

    Rows exit(view);
    const auto& leaving = part(facts, "exit");
    if (const auto date = text_of(leaving, "requested_on"); !date.empty())
        exit.add(view.t("page.case.exit_requested_on"), date);
    for (const auto* key : {"self", "public", "town", "district"})
        if (const auto& evaluation = part(part(leaving, "evaluations"), key); evaluation.is_object()) {
            const auto respondents = text_of(evaluation, "respondents");
            exit.add(view.t(std::string("evaluation.") + key),
                     respondents.empty() ? view.t("page.case.score", {{"score", text_of(evaluation, "score")}})
                                         : view.t("page.case.score_of", {{"score", text_of(evaluation, "score")},
                                                                         {"respondents", respondents}}));
        }
    for (const auto& [post, opinion] : part(leaving, "opinions").items())
        exit.add(
            view.t("page.case.exit_opinion", {{"post", view.t("post." + post)}}),
            view.t("page.case.opinion", {{"opinion", choice_name(language, "opinion", text_of(opinion, "opinion"))},
                                         {"name", names.of(text_of(opinion, "by"))},
                                         {"text", text_of(opinion, "text")}}));
    keep("exit", exit);

    Rows looks(view);
    for (const auto& look : part(facts, "look_backs"))
        looks.add(text_of(look, "on"), view.t("page.case.look_back",
                                              {{"level", view.t("level." + text_of(look, "level"))},
                                               {"finding", choice_name(language, "finding", text_of(look, "finding"))},
                                               {"name", names.of(text_of(look, "by"))}}));
    keep("look_backs", looks);
    return sections;
}

Json prescription_card(const View& view, const engine::CaseRow& row, const Names& names, bool with_village) {
    const auto& facts = row.facts;
    const auto& language = view.language();
    const auto due = text_of(facts, "deadline_on");
    const auto colour = row.final ? std::string("neutral") : colour_tone(row.summary.colour);
    const auto percent = row.state == "closed"               ? std::string("100")
                         : text_of(facts, "percent").empty() ? std::string("0")
                                                             : text_of(facts, "percent");
    auto words = row.final || row.state == "closed" ? std::string() : due_text(view, due);
    if (colour != "neutral" && words.empty()) words = colour_name(language, row.summary.colour);
    if (part(facts, "extension").is_object()) words = view.t("page.case.extension_waits", {{"due", words}});
    const auto responsible = text_of(facts, "responsible_person");
    return {{"colour", colour},
            {"tag_tone", state_tone(row.state, row.final)},
            {"tag_text", state_name(language, row.definition, row.state)},
            {"colour_text", or_false(words)},
            {"href", "/cases/" + row.id.text},
            {"rx_number", view.number(row.id)},
            {"rx_title", row.summary.title},
            {"village", with_village ? Json(row.place.name) : Json(false)},
            {"responsible", responsible.empty() ? view.t("page.not_set") : names.of(responsible)},
            {"due_on", due},
            {"due_text", due.empty() ? view.t("page.not_set") : due},
            {"percent", percent},
            {"percent_text", percent + "%"}};
}

namespace {

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
            {"minutes_href", "/meetings/" + text_of(ballot, "meeting")},
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
    const auto meeting = text_of(ballot, "meeting");
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
            {"minutes_href", meeting.empty() ? Json(false) : Json("/meetings/" + meeting)},
            {"minutes_name", view.t("page.ballot.to_meeting")}};
}

} // namespace

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
    if (const auto& open = part(row.facts, "ballot"); open.is_object())
        add(open_ballot(view, open, present, names), open, "opened_at");
    const auto& closed = part(row.facts, "ballots");
    if (closed.is_array())
        for (auto ballot = closed.rbegin(); ballot != closed.rend(); ++ballot)
            add(closed_ballot(view, *ballot, names), *ballot, "closed_at");
    return list;
}

} // namespace cunmai::http::pages
