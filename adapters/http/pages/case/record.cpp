#include "adapters/http/pages/case/record.hpp"

#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "db/people/at_that_time.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace cunmai::http::pages {

namespace {

constexpr int events_checked = 10'000; // of a longer record the newest
constexpr int refusals_shown = 50;
constexpr int events_shown = 20;

Json pretty(const std::string& text) {
    const auto value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return text;
    if (value.empty()) return false;
    return value.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string as_of_href(const engine::CaseId& id, std::int64_t seq) {
    return "/cases/" + id.text + "?as_of_event=" + std::to_string(seq);
}

// The version of the case that whoever acted had before them; 0: none.
std::int64_t version_seen(const engine::Event& event) {
    const auto context = Json::parse(event.context, nullptr, false);
    const auto before = event.seq - 1;
    if (!context.is_object()) return before;
    const auto noted = context.find("version_seen");
    return noted != context.end() && noted->is_number_integer() ? noted->get<std::int64_t>() : before;
}

// Whom the basis of a decision gives a reason against, such as a member of the committee with an interest.
std::set<std::string> kept_out(const engine::Event& event) {
    std::set<std::string> people;
    const auto context = Json::parse(event.context, nullptr, false);
    if (!context.is_object()) return people;
    for (const auto& list : context) {
        if (!list.is_array()) continue;
        for (const auto& one : list)
            if (one.is_object() && (one.contains("recused") || one.contains("reason")) && one.contains("person") &&
                one.at("person").is_string())
                people.insert(one.at("person").get<std::string>());
    }
    return people;
}

const std::string& decided_for(const engine::Event& event) {
    return event.on_behalf_of.empty() ? event.actor.text : event.on_behalf_of.text;
}

// What an auditor asks of each event: since when, and by whom, had its person the roles? Why was somebody kept out?
class Standing {
  public:
    Standing(View& view, const engine::CaseRow& row, const std::vector<ReadableEvent>& events, Names& names)
        : view_(view), row_(row), is_asked_(view.viewer().audits(row.place.path)) {
        if (!is_asked_) return;
        std::set<std::string> deciders, others;
        for (const auto& event : events) {
            deciders.insert(decided_for(event));
            others.merge(kept_out(event));
        }
        roles_ = db::roles_ever_held(view.app.database, {deciders.begin(), deciders.end()});
        declared_ = db::interests_ever_declared(view.app.database, {others.begin(), others.end()});
        for (const auto& role : roles_) names.want(role.granted_by);
        for (const auto& one : declared_) names.want(one.person);
    }

    Json held(const engine::Event& event, const Names& names) const { // lines, or false
        auto lines = Json::array();
        for (const auto& role : roles_)
            if (role.person == decided_for(event) && role.was_in_force(event.at) &&
                engine::covers(role.place_path, row_.place.path))
                lines.push_back({{"line", view_.t("page.record.held_since",
                                                  {{"role", role_name(view_.language(), role.role, role.qualifier)},
                                                   {"place", role.place_name},
                                                   {"since", view_.local(role.granted_at)},
                                                   {"by", names.of(role.granted_by)}})}});
        return lines.empty() ? Json(false) : Json{{"lines", lines}};
    }

    Json declared(const engine::Event& event, const Names& names) const {
        const auto out = kept_out(event);
        auto lines = Json::array();
        for (const auto& one : declared_)
            if (out.contains(one.person) && one.declared_at <= event.at &&
                row_.place.path.find('/' + one.place_code + '/') != std::string::npos)
                lines.push_back({{"line", view_.t("page.record.declared_on", {{"person", names.of(one.person)},
                                                                              {"at", view_.local(one.declared_at)},
                                                                              {"reason", one.reason}})}});
        return lines.empty() ? Json(false) : Json{{"lines", lines}};
    }

  private:
    View& view_;
    const engine::CaseRow& row_;
    const bool is_asked_;
    std::vector<db::HeldRole> roles_;
    std::vector<db::Declaration> declared_;
};

struct Refusals {
    Json refused, slips; // slips: refusals only because of empty fields
};

std::string code_of(const std::string& place_path) { // "/990100/990100001/": "990100001"
    const auto from = place_path.size() < 2 ? 0 : place_path.rfind('/', place_path.size() - 2) + 1;
    return place_path.empty() ? "" : place_path.substr(from, place_path.size() - from - 1);
}

// `where` gives the state in which the case was, or the place at which no case was opened.
Refusals in_words(View& view, const std::vector<db::RefusedRow>& rows,
                  const std::function<std::string(const engine::Refused&)>& where) {
    Names names;
    for (const auto& row : rows) {
        names.want(row.refused.actor.text);
        names.want(row.refused.on_behalf_of.text);
    }
    names.load(view.app.people, view.language());
    Refusals found{Json::array(), Json::array()};
    for (const auto& row : rows) {
        auto reasons = Json::array();
        bool slip = !row.refused.reasons.empty();
        for (const auto& stored : row.refused.reasons) {
            slip = slip && stored.value("code", "") == "missing";
            engine::Reason reason{stored.value("code", ""), stored.value("facts", Json::object()),
                                  stored.value("field", "")};
            reasons.push_back({{"reason_text", texts::sentence(view.language(), reason)},
                               {"reason_href", false},
                               {"reason_link", false}});
        }
        auto& list = slip ? found.slips : found.refused;
        list.push_back({{"at", engine::to_iso(row.refused.at)},
                        {"at_text", view.local(row.refused.at)},
                        {"actor", names.of(row.refused.actor.text)},
                        {"what", command_name(view.language(), row.refused.definition, row.refused.command)},
                        {"state_text", where(row.refused)},
                        {"reasons", reasons}});
    }
    return found;
}

} // namespace

Json record_badge(const View& view, const engine::CaseRow& row, const RecordCheck& check) {
    const auto now = view.app.clock.now();
    const Json counted{{"checked", check.checked}, {"events", check.events}};
    return {{"verified", check.is_whole()},
            {"broken", !check.is_whole()},
            {"events", std::to_string(check.events)},
            {"checked_part",
             check.covers_all() || !check.is_whole() ? Json(false) : Json(view.t("page.record.checked_part", counted))},
            {"head_hash", row.head_hash},
            {"checked_at", engine::to_iso(now)},
            {"checked_text", view.local(now)},
            {"record_href", "/cases/" + row.id.text + "/record"},
            {"broken_at", std::to_string(check.broken_at)}};
}

Response show_record(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    const auto wish = request.asked("upto");
    std::int64_t asked = 0;
    std::from_chars(wish.data(), wish.data() + wish.size(), asked);
    const auto file = view.reading().file(
        id, {.events = events_shown, .upto_seq = asked < 1 ? Wanted{}.upto_seq : asked, .checked = events_checked});
    if (!file) not_found();
    const auto& row = file->row;
    const auto& events = file->events;
    Names names;
    for (const auto& event : events) {
        names.want(event.actor.text);
        names.want(event.on_behalf_of.text);
    }
    const Standing standing(view, row, events, names);
    names.load(app.people, view.language());

    auto& model = view.model;
    view.title(view.t("page.record.title", {{"title", case_title(view, row)}}))
        .crumb(case_href(view.app, row), case_title(view, row));
    model["tabs"] = case_tabs(view, row, "record");
    model["tabs_label"] = view.t("page.tab.label");
    model["record"] = record_badge(view, row, file->record);
    const auto newest = row.version;
    const auto upto = asked < 1 ? newest : std::min(asked, newest);
    const auto older = upto - events_shown;
    auto list = Json::array();
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        const auto seen = version_seen(*event);
        list.push_back(
            {{"seq", std::to_string(event->seq)},
             {"then_href", as_of_href(id, event->seq)},
             {"seen_href", seen == 0 ? Json(false) : Json(as_of_href(id, seen))},
             {"held", standing.held(*event, names)},
             {"declared", standing.declared(*event, names)},
             {"at", engine::to_iso(event->at)},
             {"at_text", view.local(event->at)},
             {"what", command_name(view.language(), event->definition, event->command)},
             {"command", event->command},
             {"actor", names.of(event->actor.text)},
             {"actor_id", event->actor.text},
             {"for_text", event->on_behalf_of.empty() ? Json(false) : Json(names.of(event->on_behalf_of.text))},
             {"from_text", event->from == event->to
                               ? Json(false)
                               : Json(state_name(view.language(), event->definition, event->from))},
             {"to_text", state_name(view.language(), event->definition, event->to)},
             {"definition", event->definition + " " + std::to_string(event->definition_version)},
             {"request_id", or_false(event->request_id)},
             {"withheld_text", event->withheld.empty() ? Json(false) : Json(view.t("withheld." + event->withheld))},
             {"payload", pretty(event->payload)},
             {"context", pretty(event->context)},
             {"changes", pretty(event->changes)},
             {"previous_hash", event->previous_hash},
             {"hash", event->hash}});
    }
    model["events"] = std::move(list);
    const auto part = [&](std::int64_t last) {
        return "/cases/" + id.text + "/record?upto=" + std::to_string(std::min(last, newest));
    };
    model["pages"] = false;
    if (newest > events_shown)
        model["pages"] = {{"first", std::to_string(std::max<std::int64_t>(older + 1, 1))},
                          {"last", std::to_string(upto)},
                          {"total", std::to_string(newest)},
                          {"prev_href", upto < newest ? Json(part(upto + events_shown)) : Json(false)},
                          {"next_href", older > 0 ? Json(part(older)) : Json(false)}};
    auto [refused, slips] =
        in_words(view, view.reading().refusals(id, refusals_shown),
                 [&](const engine::Refused& one) { return state_name(view.language(), one.definition, one.state); });
    model["has_refusals"] = !refused.empty() || !slips.empty();
    model["refusals"] = std::move(refused);
    model["slips_text"] = slips.empty() ? Json(false) : Json(view.t("page.record.slips", {{"count", slips.size()}}));
    model["slips"] = std::move(slips);
    model["history_href"] = "/api/v1/cases/" + id.text + "/history";
    return view.page("record");
}

// Refused attempts to open a case: there is no case whose record could contain them.
Response show_refused(App& app, const Request& request) {
    View view(app, request);
    if (view.viewer().audited.empty()) not_found();
    const auto rows = view.reading().refused_openings(request.asked("before"), refusals_shown);
    auto [refused, slips] = in_words(view, rows, [&](const engine::Refused& one) {
        const auto code = code_of(one.place_path);
        const auto place = app.places.find(code);
        return place ? place->name : code;
    });
    view.title(view.t("page.refused.title")).crumb("/cases", view.t("page.nav.cases"));
    auto& model = view.model;
    model["has_refusals"] = !rows.empty();
    model["refusals"] = std::move(refused);
    model["slips_text"] = slips.empty() ? Json(false) : Json(view.t("page.record.slips", {{"count", slips.size()}}));
    model["slips"] = std::move(slips);
    const bool more = rows.size() == static_cast<std::size_t>(refusals_shown);
    model["older_href"] = more ? Json("/refused?before=" + encode(rows.back().id)) : Json(false);
    return view.page("refused");
}

} // namespace cunmai::http::pages
