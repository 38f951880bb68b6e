// The self-check form: 45 indicators in five groups, a draft that is kept, a page to check the answers, one submission.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"
#include "adapters/http/pages/indicators/indicator_model.hpp"
#include "adapters/services/answers.hpp"
#include "workflows/village_lifecycle/commands.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

#include <algorithm>

namespace cunmai::http::pages {

using workflows::village::self_check_fact;

namespace {

struct Fillable {
    engine::CaseRow row;
    const engine::Offer* offer = nullptr; // null when the self-check can't be submitted now or not by this person
    std::vector<engine::Offer> offers;
    engine::PersonId on_behalf_of;
    engine::Refusal why;
};

Fillable load(const View& view, const std::string& as) {
    Fillable fillable;
    fillable.on_behalf_of = acting_for(view, as);
    auto found = view.reading().offers({view.request.param("id")}, fillable.on_behalf_of);
    if (!found || found->row.definition != workflows::village::workflow_key) not_found();
    fillable.row = std::move(found->row);
    fillable.offers = std::move(found->offers);
    const auto at = std::find_if(fillable.offers.begin(), fillable.offers.end(),
                                 [](const auto& offer) { return offer.command == answers::submitting; });
    if (at == fillable.offers.end())
        fillable.why.add("not_in_this_state", {{"command", answers::submitting}, {"state", fillable.row.state}});
    else if (!at->by_role)
        fillable.why.add("not_your_role", {{"who", at->who}});
    else
        fillable.offer = &*at;
    return fillable;
}

std::string base(const engine::CaseRow& row) { return "/cases/" + row.id.text + "/indicators"; }

// Only the persons who may fill it in see a draft. All others are led to the submitted answers.
Response elsewhere(const engine::CaseRow& row) { return Response::redirect("/cases/" + row.id.text + "/answers"); }

Json catalogue_of(App& app) {
    auto catalogue = app.rules.get("catalogue");
    if (!catalogue.is_object()) throw engine::StoreUnavailable("the indicator catalogue is not set");
    return catalogue;
}

// Why the town returned it, by whom and when. It stands above the rest of the form.
void put_return(View& view, const engine::CaseRow& row) {
    view.model["returned"] = false;
    const auto returned = answers::returned(view.app, view.viewer(), row);
    if (!returned) return;
    Names names;
    names.want(returned->by.text);
    names.want(returned->on_behalf_of.text);
    names.load(view.app.people, view.language());
    const Json who{{"by", names.of(returned->by.text)},
                   {"principal", names.of(returned->on_behalf_of.text)},
                   {"at", view.local(returned->at)}};
    view.model["returned"] = {
        {"returned_reason", returned->reason},
        {"has_kept", row.facts.contains(self_check_fact)}, // a targeted look goes to the town at once
        {"returned_by",
         view.t(returned->on_behalf_of.empty() ? "page.indicators.returned_by" : "page.indicators.returned_for", who)}};
}

void put_progress(View& view, const Json& all_groups) {
    std::int64_t done = 0, of = 0;
    for (const auto& group : all_groups) {
        done += group.at("answered").get<std::int64_t>();
        of += group.at("expected").get<std::int64_t>();
    }
    view.model["progress_label"] = view.t("page.indicators.progress");
    view.model["done"] = std::to_string(done);
    view.model["of"] = std::to_string(of);
    view.model["progress_text"] = std::to_string(done) + "/" + std::to_string(of);
    view.model["left"] = of - done > 0 ? Json(view.t("page.indicators.left", {{"count", of - done}})) : Json(false);
}

// The content of the form.
struct Filled {
    Json answers; // code → answer
    Json shown;   // as_shown() of the draft that the person compares with
    engine::Refusal refusal;
};

Filled filled_with(Json draft) {
    auto shown = as_shown(draft);
    return {std::move(draft), std::move(shown), {}};
}

Response form_page(View& view, const Fillable& fillable, const Filled& filled, int status) {
    const auto catalogue = catalogue_of(view.app);
    view.title(view.t("page.indicators.title"))
        .crumb(case_href(view.app, fillable.row), case_title(view, fillable.row))
        .wrong(filled.refusal);
    auto errors = filled.refusal;
    errors.add_all(wrong_values(view, catalogue, filled.answers));
    auto all = groups(view, catalogue, filled.answers, last_answers(view, fillable.row), errors);
    put_progress(view, all);
    bool told = false; // said at the group where the person continues, since the page's head is out of sight
    for (auto& group : all)
        if (group["group_id"] == view.request.asked("at")) {
            group["saved_text"] = view.t("page.done.draft_saved");
            told = true;
        }
    view.model["case"] = case_card(view, fillable.row);
    put_return(view, fillable.row);
    view.model["groups"] = std::move(all);
    view.model["action"] = base(fillable.row);
    view.model["version"] = std::to_string(fillable.row.version);
    view.model["idempotency_key"] = new_key();
    view.model["as_shown"] = filled.shown.dump();
    view.model["on_behalf_of"] = or_false(fillable.on_behalf_of.text);
    view.model["gone"] = !fillable.offer;
    view.model["back_href"] = href_as(case_href(view.app, fillable.row), fillable.on_behalf_of);
    put_file_limits(view);
    if (!told) show_what_was_done(view);
    return view.page("indicators", status);
}

// The draft, overlaid with what was typed.
Json with(Json draft, const Json& changes) {
    for (const auto& [code, answer] : changes.items()) draft[code] = answer;
    return draft;
}

// The case went on while somebody typed: they still see what they typed, to copy it, and why it can't be kept. Nothing
// else of the draft, which may be somebody else's by now.
Response came_too_late(View& view, const Fillable& fillable) {
    const auto read = read_answers(view, catalogue_of(view.app), Json::object(), Json::object(), {});
    return form_page(view, fillable, {with(read.changed, read.typed), Json::object(), fillable.why}, 422);
}

Response check_page(View& view, const Fillable& fillable, const engine::Refusal& refusal, const std::string& key,
                    int status) {
    const auto catalogue = catalogue_of(view.app);
    const auto draft = answers::so_far(view.app, fillable.row);
    const auto problems = problems_of(view, catalogue, draft);
    auto all = groups(view, catalogue, draft, {}, {});
    put_progress(view, all);
    view.title(view.t("page.indicators.check_title"))
        .crumb(case_href(view.app, fillable.row), case_title(view, fillable.row))
        .crumb(href_as(base(fillable.row), fillable.on_behalf_of), view.t("page.indicators.title"))
        .wrong(refusal);
    auto& model = view.model;
    model["case"] = case_card(view, fillable.row);
    model["groups"] = answered_groups(view, catalogue, draft);
    auto reasons = Json::array();
    for (const auto& reason : problems.reasons())
        reasons.push_back({{"reason_text", texts::sentence(view.language(), reason)},
                           {"reason_href", href_as(base(fillable.row), fillable.on_behalf_of) + "#f-" + reason.field},
                           {"reason_link", view.t("page.indicators.mend")}});
    model["is_complete"] = reasons.empty();
    model["problem_count"] = view.t("page.indicators.problems", {{"count", reasons.size()}});
    model["reasons"] = std::move(reasons);
    model["action"] = base(fillable.row) + "/submit";
    model["edit_href"] = href_as(base(fillable.row), fillable.on_behalf_of);
    model["version"] = std::to_string(fillable.row.version);
    model["idempotency_key"] = key;
    model["on_behalf_of"] = or_false(fillable.on_behalf_of.text);
    return view.page("indicators_check", status);
}

} // namespace

Response show_indicators(App& app, const Request& request) {
    View view(app, request);
    const auto fillable = load(view, request.asked("as"));
    if (!fillable.offer) return elsewhere(fillable.row);
    return form_page(view, fillable, filled_with(answers::so_far(app, fillable.row)), 200);
}

Response save_indicators(App& app, const Request& request) {
    View view(app, request);
    const auto fillable = load(view, form_value(request, "on_behalf_of"));
    if (!fillable.offer) return came_too_late(view, fillable);
    const auto catalogue = catalogue_of(app);
    const auto draft = answers::so_far(app, fillable.row);
    auto shown = json_or_null(form_value(request, "as_shown"));
    if (!shown.is_object()) shown = Json::object();
    if (request.review) {
        const auto read = read_answers(view, catalogue, draft, shown, {});
        return form_page(view, fillable, {with(with(draft, read.changed), read.typed), shown, read.refusal}, 200);
    }
    const auto uploaded = store_uploads(view);
    const auto read = read_answers(view, catalogue, draft, shown, uploaded);
    engine::Refusal unsaved;
    if (!read.changed.empty()) {
        const auto why = answers::save(app, view.viewer(), fillable.row, read.changed);
        for (const auto& reason : why.reasons()) unsaved.add_for("value_" + reason.field, reason.code, reason.facts);
    }

    auto filled = filled_with(with(draft, read.changed));
    const bool check = form_value(request, "then") == "check"; // the page "check" names wrong values itself
    filled.refusal = read.refusal;
    filled.refusal.add_all(uploaded.refusal);
    filled.refusal.add_all(unsaved);
    if (!check) filled.refusal.add_all(wrong_values(view, catalogue, filled.answers));
    if (!filled.refusal.empty()) {
        filled.answers = with(filled.answers, read.typed);
        if (!read.changed.empty() && unsaved.empty()) view.flash("info", view.t("page.indicators.rest_saved"));
        return form_page(view, fillable, filled, 422);
    }
    const auto& as = fillable.on_behalf_of;
    if (check) return Response::redirect(href_as(base(fillable.row) + "/check", as));
    return Response::redirect(href_as(base(fillable.row), as) + (as.empty() ? "?" : "&") + "done=draft_saved" +
                              (read.group.empty() ? "" : "&at=" + read.group + "#group-" + read.group));
}

Response check_indicators(App& app, const Request& request) {
    View view(app, request);
    const auto fillable = load(view, request.asked("as"));
    if (!fillable.offer) return elsewhere(fillable.row);
    return check_page(view, fillable, {}, new_key(), 200);
}

Response submit_indicators(App& app, const Request& request) {
    View view(app, request);
    const auto as = form_value(request, "on_behalf_of");
    const engine::CaseId id{request.param("id")};
    auto command = command_from_form(request);
    command.case_id = id;
    command.name = answers::submitting;
    const auto row = view.reading().find(id);
    const auto* definition = row ? app.registry.find(row->definition, row->definition_version) : nullptr;
    if (!definition || row->definition != workflows::village::workflow_key) turn_away(app, request, command);

    if (!command.expected_version) command.expected_version = 0;
    if (const auto now = load(view, as); now.offer) {
        command.payload["answers"] = answers::as_document(app, now.row, view.me());
    } else if (row->facts.contains(self_check_fact)) { // the form was sent twice: show what was submitted
        command.payload["answers"] = row->facts.at(self_check_fact).value("document", "");
    }
    const auto given = give(app, request, command);
    if (given.accepted())
        return Response::redirect(
            href_as("/cases/" + id.text + "?receipt=" + std::to_string(given.outcome.version), acting_for(view, as)));
    auto refusal = given.refusal;
    if (given.conflict()) refusal.add("changed_meanwhile");
    const auto fillable = load(view, as);
    if (fillable.why.has("not_in_this_state"))
        return Response::redirect("/cases/" + id.text + "?gone=" + std::string(answers::submitting));
    if (!fillable.offer) return came_too_late(view, fillable);
    return check_page(view, fillable, refusal, new_key(), given.conflict() ? 409 : 422);
}

Response show_answers(App& app, const Request& request) {
    View view(app, request);
    const auto row = view.reading().find({request.param("id")});
    if (!row || row->definition != workflows::village::workflow_key) not_found();
    const auto given = answers::submitted(app, *row);
    auto& model = view.model;
    view.title(view.t("page.answers.title", {{"title", case_title(view, *row)}}))
        .crumb(case_href(view.app, *row), case_title(view, *row));
    model["tabs"] = case_tabs(view, *row, "answers");
    model["tabs_label"] = view.t("page.tab.label");
    model["has_answers"] = !given.empty();
    model["groups"] = given.empty() ? Json::array() : answered_groups(view, catalogue_of(app), given);
    const bool submitted = row->facts.contains(self_check_fact);
    model["submitted_text"] =
        submitted ? Json(view.t("page.answers.submitted", {{"date", row->facts.at(self_check_fact).value("on", "")}}))
                  : Json(false);
    model["empty"] = {{"empty_text", view.t("page.answers.empty")},
                      {"empty_href", case_href(view.app, *row)},
                      {"empty_link", view.t("page.back_to_case")}};
    return view.page("answers");
}

} // namespace cunmai::http::pages
