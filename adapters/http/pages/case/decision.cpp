// One decision on one page: commands that answer the same question (its presentation says which), each with its own
// fields. One is chosen and given through the one door; what was typed into the others is kept when it is refused.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/case/basis.hpp"
#include "adapters/http/pages/case/command_parts.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr auto answer_field = "answer";

std::string prefix_of(const std::string& command) { return command + "-"; }

// The question that the path names, as the workflow of the case puts it.
const engine::Question* asked(const Request& request, const engine::Definition* definition) {
    if (!definition) return nullptr;
    const auto& questions = definition->presentation().questions;
    const auto found = std::find_if(questions.begin(), questions.end(),
                                    [&](const auto& question) { return question.key == request.param("question"); });
    return found == questions.end() ? nullptr : &*found;
}

bool is_answer(const engine::Question& question, const std::string& command) {
    return std::find(question.answers.begin(), question.answers.end(), command) != question.answers.end();
}

bool is_asked_in(const engine::Question& question, const std::string& state) {
    const auto& states = question.states;
    return states.empty() || std::find(states.begin(), states.end(), state) != states.end();
}

struct Shown {
    const engine::Definition* definition = nullptr;
    const engine::Question* question = nullptr;
    const engine::CaseAndOffers* found = nullptr;
    std::vector<const engine::CommandInfo*> answers; // offered
    std::string chosen;                              // command; or none yet
    engine::PersonId on_behalf_of;
    std::string key;                    // idempotency key
    std::int64_t version = 0;           // of the case as the person saw it
    std::map<std::string, Typed> typed; // by command
    engine::Refusal refusal;            // of the chosen one
    bool gone = false;                  // the case is in another state by now: what was typed can be read, not sent
};

// Its reasons about fields of the command, and the others.
std::pair<engine::Refusal, engine::Refusal> parted(const engine::Refusal& refusal, const engine::Fields& fields) {
    engine::Refusal own, others;
    for (const auto& reason : refusal.reasons()) {
        const bool is_own =
            std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.key == reason.field; });
        (is_own ? own : others).add_for(reason.field, reason.code, reason.facts);
    }
    return {own, others};
}

Json answer_model(View& view, Shown& shown, const engine::CommandInfo& info) {
    const auto& row = shown.found->row;
    const auto& language = view.language();
    const auto own = parted(shown.refusal, info.fields).first;
    const bool is_chosen = info.key == shown.chosen;
    const auto prefix = prefix_of(info.key);
    auto fields = inputs_for(view, *shown.definition, info, shown.typed[info.key], row.place, prefix);
    if (is_chosen) mark_errors(view, fields, own, prefix);
    const auto* offer = find_offer(shown.found->offers, info.key);
    auto blocked = offer ? why_not(view, *shown.found, *offer, shown.on_behalf_of) : Json::array();
    const auto hint = "command." + info.key + ".hint";
    return {{"command", info.key},
            {"chosen", is_chosen},
            {"answer_text", command_name(language, row.definition, info.key)},
            {"answer_note", texts::has(language, hint) ? Json(view.t(hint)) : Json(false)},
            {"is_blocked", !blocked.empty()},
            {"reasons", std::move(blocked)},
            {"has_fields", !fields.empty()},
            {"fields", std::move(fields)}};
}

Response decision_page(View& view, Shown& shown, int status) {
    const auto& row = shown.found->row;
    const auto name = question_name(view, row.definition, *shown.question);
    view.title(name).crumb(href_as(case_href(view.app, row), shown.on_behalf_of), case_title(view, row));
    auto& model = view.model;
    auto answers = Json::array();
    bool has_files = false, grave = false, personal = false;
    for (const auto* info : shown.answers) {
        answers.push_back(answer_model(view, shown, *info));
        has_files = has_files || asks_for_files(info->fields);
        grave = grave || is_grave(*shown.definition, info->key);
        personal = personal || info->personal;
    }
    const auto* chosen = shown.definition->info().command(shown.chosen);
    view.wrong(parted(shown.refusal, chosen ? chosen->fields : engine::Fields{}).second);
    auto fields = Json::array();
    if (!personal) put_acting_field(view, fields, shown.on_behalf_of);
    model["case"] = case_card(view, row);
    model["action"] = "/cases/" + row.id.text + "/decide/" + std::string(shown.question->key);
    model["version"] = std::to_string(shown.version);
    model["idempotency_key"] = shown.key;
    put_file_limits(view);
    model["has_files"] = has_files;
    model["fields"] = std::move(fields);
    model["question"] = name;
    model["answers"] = std::move(answers);
    model["answer_error"] = false;
    for (const auto& reason : shown.refusal.reasons())
        if (reason.field == answer_field) model["answer_error"] = texts::sentence(view.language(), reason);
    model["grave"] = grave;
    model["gone"] = shown.gone;
    model["back_href"] = href_as(case_href(view.app, row), shown.on_behalf_of);
    put_basis(view, row, std::string(shown.question->answers.front()));
    if (!model.contains("changed")) model["changed"] = false;
    return view.page("decision", status);
}

} // namespace

Response show_decision(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    Shown shown;
    shown.on_behalf_of = acting_for(view, request.asked("as"));
    const auto found = view.reading().offers(id, shown.on_behalf_of);
    if (!found) not_found();
    shown.definition = definition_of(app, found->row);
    shown.question = asked(request, shown.definition);
    if (!shown.question) not_found();
    shown.found = &*found;
    shown.chosen = request.asked(answer_field);
    if (!is_answer(*shown.question, shown.chosen)) shown.chosen.clear();
    const bool is_asked = is_asked_in(*shown.question, found->row.state);
    const auto offers =
        is_asked ? answers_to(app, *found, shown.question->answers.front()) : std::vector<const engine::Offer*>{};
    if (offers.empty()) { // one answer at most is theirs, or the case has moved on
        for (const auto answer : shown.question->answers)
            if (const auto* offer = find_offer(found->offers, answer);
                offer && is_asked && (offer->by_role || answer == shown.chosen))
                return Response::redirect("/cases/" + id.text + "/do/" + offer->command +
                                          query_with(request, {{answer_field, ""}}));
        const auto gone = shown.chosen.empty() ? std::string(shown.question->answers.front()) : shown.chosen;
        return Response::redirect(href_as(case_href(app, found->row) + "?gone=" + gone, shown.on_behalf_of));
    }
    for (const auto* offer : offers) {
        shown.answers.push_back(offer->info);
        shown.typed[offer->command] =
            first_typed(view, *shown.definition, found->row, offer->command, offer->info->fields);
    }
    shown.key = new_key();
    shown.version = found->row.version;
    return decision_page(view, shown, 200);
}

Response decide(App& app, const Request& request) {
    View view(app, request);
    const engine::CaseId id{request.param("id")};
    auto command = command_from_form(request);
    command.case_id = id;
    command.name = form_value(request, answer_field);
    const auto row = view.reading().find(id);
    Shown shown;
    shown.definition = row ? definition_of(app, *row) : nullptr;
    shown.question = asked(request, shown.definition);
    if (!shown.question) turn_away(app, request, command);
    if (!command.expected_version) command.expected_version = 0;

    const auto* info =
        is_answer(*shown.question, command.name) ? shown.definition->info().command(command.name) : nullptr;
    Given given;
    given.outcome.kind = engine::Outcome::Kind::invalid;
    for (const auto answer : shown.question->answers)
        if (const auto* one = shown.definition->info().command(answer))
            shown.typed[one->key] = read_typed(request, one->fields, prefix_of(one->key));
    if (info) {
        auto form = read_form(app, request, info->fields, prefix_of(info->key));
        command.payload = form.payload;
        command.objections = form.refusal;
        given.refusal = form.refusal;
        shown.typed[info->key] = std::move(form.typed);
        shown.chosen = info->key;
        if (!request.review) given = give(app, request, command);
        if (given.accepted()) return to_receipt(view, id, given.outcome, acting_for(view, command.on_behalf_of.text));
    } else if (!request.review) {
        given.refusal.add_for(answer_field, "answer_not_chosen");
    }

    shown.on_behalf_of = acting_for(view, command.on_behalf_of.text);
    const auto now = view.reading().offers(id, shown.on_behalf_of);
    if (!now) not_found();
    shown.found = &*now;
    shown.refusal = in_words_of(view.language(), now->row.definition, given.refusal);
    shown.key = request.review ? command.idempotency_key : new_key();
    shown.version = *command.expected_version;
    for (const auto answer : shown.question->answers)
        if (const auto* offer = find_offer(now->offers, answer);
            offer && is_asked_in(*shown.question, now->row.state) && (offer->by_role || answer == shown.chosen))
            shown.answers.push_back(offer->info);
    shown.gone = shown.answers.empty();
    if (shown.gone && info) shown.answers.push_back(info);
    const int status = put_refused(view, now->row, given, shown.version);
    return decision_page(view, shown, status);
}

} // namespace cunmai::http::pages
