#include "adapters/services/answers.hpp"

#include "adapters/services/linking.hpp"
#include "adapters/services/reading.hpp"
#include "engine/json_text.hpp"
#include "engine/text.hpp"
#include "workflows/evaluation/self_check.hpp"
#include "workflows/village_lifecycle/facts.hpp"

#include <algorithm>
#include <sstream>

namespace cunmai::answers {

namespace {

std::string document_of(const engine::CaseRow& row) {
    const auto kept = row.facts.find(workflows::village::self_check_fact);
    return kept == row.facts.end() ? "" : kept->value("document", "");
}

bool is_being_filled(const App& app, const engine::CaseRow& row) {
    const auto* definition = app.registry.find(row.definition, row.definition_version);
    return definition && !definition->info().who_may(row.state, submitting).empty();
}

// Keeps only indicators of the present catalogue, and only the members that the form shows: the village could not
// correct anything else.
Json asked_today(App& app, const Json& given) {
    auto kept = Json::object();
    const auto catalogue = app.rules.get("catalogue");
    if (!catalogue.is_object()) return kept;
    for (const auto& indicator : catalogue.at("indicators")) {
        const auto answer = given.find(indicator.at("code").get<std::string>());
        if (answer == given.end() || !answer->is_object()) continue;
        auto& one = kept[answer.key()] = Json::object();
        for (const auto* member : {"value", "not_applicable", "note", "reason", "evidence"})
            if (const auto found = answer->find(member); found != answer->end()) one[member] = *found;
    }
    return kept;
}

// The answers below the draft; none before the first submission.
Json handed_in(App& app, const engine::CaseRow& row) {
    return is_being_filled(app, row) ? asked_today(app, submitted(app, row)) : Json::object();
}

void check_texts(const std::string& code, const Json& answer, engine::Refusal& why) {
    constexpr std::size_t text_length_max = 2000; // as the API's document says
    for (const auto* member : {"note", "reason"})
        if (characters(answer.value(member, "")) > text_length_max)
            why.add_for(code, "too_long", {{"field", member}, {"max", text_length_max}});
}

engine::Refusal check(App& app, const engine::Viewer& viewer, const Json& before, const Json& changed) {
    engine::Refusal why;
    const auto catalogue = app.rules.get("catalogue");
    const auto is_asked = [&](const std::string& code) {
        if (!catalogue.is_object()) return false;
        const auto& all = catalogue.at("indicators");
        return std::any_of(all.begin(), all.end(), [&](const Json& indicator) { return indicator.at("code") == code; });
    };
    const auto there = workflows::self_check::evidence_named({{"answers", before}});
    for (const auto& [code, answer] : changed.items()) {
        if (!is_asked(code)) why.add_for(code, "unknown_indicator", {{"indicator", code}});
        if (!answer.is_object()) continue;
        check_texts(code, answer, why);
        for (const auto& sha256 : workflows::self_check::evidence_named({{"answers", {{code, answer}}}}))
            if (!there.contains(sha256) && !documents::readable(app, viewer, sha256))
                why.add_for(code, "document_unknown", {{"field", code}});
    }
    return why;
}

} // namespace

Json submitted(App& app, const engine::CaseRow& row) {
    const auto sha256 = document_of(row);
    if (sha256.empty() || !app.documents.info(sha256)) return Json::object();
    const auto document = Json::parse(app.documents.content(sha256), nullptr, false);
    const auto found = document.is_object() ? document.find("answers") : document.end();
    return document.is_object() && found != document.end() && found->is_object() ? *found : Json::object();
}

Json so_far(App& app, const engine::CaseRow& row) {
    auto answers = handed_in(app, row);
    const auto draft = app.drafts.get(row.id);
    if (draft.is_object())
        for (const auto& [code, answer] : draft.items()) answers[code] = answer;
    return answers;
}

// A removed answer that was submitted before has to hide the submitted one, so the draft keeps it as an empty answer.
engine::Refusal save(App& app, const engine::Viewer& viewer, const engine::CaseRow& row, const Json& changed) {
    auto why = check(app, viewer, so_far(app, row), changed);
    if (!why.empty()) return why;
    auto kept = changed;
    const auto before = handed_in(app, row);
    for (auto& [code, answer] : kept.items())
        if (answer.is_null() && before.contains(code)) answer = Json::object();
    app.drafts.save(row.id, kept, viewer.person, app.clock.now());
    return why;
}

bool are_handed_in_by(const engine::CommandInfo& info) {
    return std::any_of(info.fields.begin(), info.fields.end(),
                       [](const auto& field) { return field.key == workflows::self_check::answers_field; });
}

std::set<std::string> evidence_drafted(App& app, const engine::CaseId& id) {
    return workflows::self_check::evidence_named({{"answers", app.drafts.get(id)}});
}

std::string as_document(App& app, const engine::CaseRow& row, const engine::PersonId& by) {
    const Json document{{"catalogue_version", app.rules.get("catalogue").at("version")}, {"answers", so_far(app, row)}};
    std::istringstream content(document.dump());
    return app.documents
        .add(content, "answers-" + row.place.code + "-" + app.today() + ".json", "application/json", by,
             app.clock.now(), app.config.upload_max_bytes)
        .sha256;
}

// Reads the event that led back to this state, because no version of the workflow keeps the reason in the facts.
std::optional<Return> returned(App& app, const engine::Viewer& viewer, const engine::CaseRow& row) {
    constexpr int page = 20;
    if (!is_being_filled(app, row)) return {};
    for (auto before = row.version; before > 0; before -= page) {
        const auto after = std::max<std::int64_t>(0, before - page);
        const auto events = Reading(app, viewer).history(row.id, after, static_cast<int>(before - after)).events;
        for (auto event = events.rbegin(); event != events.rend(); ++event)
            if (event->from == engine::not_opened)
                return {};
            else if (event->from != row.state)
                return Return{parse_json(event->payload).value("reason", ""), event->actor, event->on_behalf_of,
                              event->at};
    }
    return {};
}

} // namespace cunmai::answers
