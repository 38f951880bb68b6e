#include "adapters/http/pages/indicators/indicator_model.hpp"

#include "adapters/services/answers.hpp"
#include "adapters/services/linking.hpp"
#include "adapters/services/uploads.hpp"
#include "adapters/words/numbers.hpp"
#include "engine/text.hpp"
#include "workflows/evaluation/self_check.hpp"
#include "workflows/village_lifecycle/facts.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace cunmai::http::pages {

namespace self_check = workflows::self_check;

using workflows::village::self_check_fact;

namespace {

const std::vector<std::string> categories{"organisation", "governance", "disputes", "integrity", "economy"};

const Json& part(const Json& object, const std::string& key) {
    static const Json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text_of(const Json& object, const std::string& key) {
    const auto& value = part(object, key);
    return value.is_string() ? value.get<std::string>() : "";
}

std::vector<std::string> evidence_of(const Json& answer) {
    std::vector<std::string> list;
    for (const auto& item : part(answer, "evidence"))
        if (item.is_string()) list.push_back(item.get<std::string>());
    return list;
}

bool not_applicable(const Json& answer) { return part(answer, "not_applicable") == true; }

// The content of the input: a number as a person types it, or any other text as it was typed.
std::string typed_value(const Json& answer) {
    const auto& value = part(answer, "value");
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
    return plain_number(value);
}

bool is_answered(const Json& indicator, const Json& answer) {
    if (not_applicable(answer)) return !text_of(answer, "reason").empty();
    return !self_check::colour_of(indicator, answer).empty();
}

bool needs_evidence(const Json& indicator, const Json& answer) {
    const auto rule = text_of(indicator, "evidence");
    const auto colour = self_check::colour_of(indicator, answer);
    return rule == "always" || (rule == "when_red" && colour == "red") ||
           (rule == "when_yellow" && (colour == "yellow" || colour == "red"));
}

bool is_percentage(const Json& indicator) { return text_of(indicator, "kind") == "percent"; }

Json number_or_text(const std::string& text, bool percentage) {
    auto number = number_typed(text, percentage);
    return number.is_null() ? Json(first_bytes(text, 60)) : number;
}

// The three inputs of an indicator, as text.
constexpr std::array<const char*, 3> inputs{"value", "na", "reason"};

std::string input_of(const Json& answer, std::string_view input) {
    if (input == "value") return typed_value(answer);
    if (input == "na") return not_applicable(answer) ? "1" : "";
    return text_of(answer, "reason");
}

void put_input(const Json& indicator, Json& answer, const std::string& input, const std::string& text) {
    const std::string key = input == "na" ? "not_applicable" : input;
    if (text.empty())
        answer.erase(key);
    else if (input == "value")
        answer[key] = number_or_text(text, is_percentage(indicator));
    else if (input == "na")
        answer[key] = true;
    else
        answer[key] = text;
}

// The files of an indicator by name and size, without documents that the person may not read.
Json files_of(View& view, const Json& answer) {
    auto list = Json::array();
    for (const auto& sha256 : evidence_of(answer))
        if (const auto info = documents::readable(view.app, view.request.who().viewer, sha256))
            list.push_back({{"href", "/documents/" + sha256},
                            {"sha256", sha256},
                            {"file_name", info->name},
                            {"file_size", file_size(view.language(), info->size)},
                            {"file_note", false}});
    return list;
}

Json choices(View& view, const Json& indicator, const std::string& value) {
    auto list = Json::array();
    const auto add = [&](const std::string& number, const std::string& text) {
        list.push_back({{"option_value", number}, {"option_text", text}, {"chosen", number == value}});
    };
    const auto kind = text_of(indicator, "kind");
    if (kind == "yes_no") {
        add("1", view.t("page.yes"));
        add("0", view.t("page.no"));
    } else if (kind == "grade") {
        for (int grade = indicator.value("max", 5); grade >= indicator.value("min", 1); --grade)
            add(std::to_string(grade), view.t("page.indicators.grade_" + std::to_string(grade)));
    }
    return list;
}

std::string last_text(const View& view, const Json& indicator, const LastAnswers& last) {
    const auto text = answer_text(view, indicator, part(last.answers, indicator.at("code")));
    if (text.empty()) return view.t("page.indicators.no_last");
    return view.t("page.indicators.last", {{"value", text}, {"date", last.on}});
}

std::string hint_of(const View& view, const Json& indicator) {
    auto hint = localised(part(indicator, "help"), view.language());
    const auto rule = text_of(indicator, "evidence");
    if (rule == "when_red" || rule == "when_yellow") hint += " " + view.t("page.indicators.evidence_" + rule);
    return hint;
}

Json row(View& view, const Json& indicator, const Json& answer, const LastAnswers& last, const std::string& error) {
    const auto code = indicator.at("code").get<std::string>();
    const auto value = typed_value(answer);
    const auto options = choices(view, indicator, value);
    const auto files = files_of(view, answer);
    const bool na = not_applicable(answer);
    const bool evidence_required = needs_evidence(indicator, answer);
    const auto colour = na ? "" : self_check::colour_of(indicator, answer);
    const bool warned = colour == "red" || colour == "yellow";
    return {{"code", code},
            {"label", localised(indicator.at("name"), view.language())},
            {"hint", or_false(hint_of(view, indicator))},
            {"unit", options.empty() ? or_false(localised(part(indicator, "unit"), view.language())) : Json(false)},
            {"value", or_false(value)},
            {"input_type", "text"},
            {"step", false},
            {"accept", accepted_extensions()},
            {"is_choice", !options.empty()},
            {"choices", options},
            {"last_text", last_text(view, indicator, last)},
            {"na", na},
            {"reason", or_false(text_of(answer, "reason"))},
            {"evidence_required", evidence_required},
            {"more_open", na || evidence_required || !files.empty() || !error.empty()},
            {"error", or_false(error)},
            {"colour_text", warned ? Json(colour_name(view.language(), colour)) : Json(false)},
            {"tag_tone", colour.empty() ? std::string("neutral") : colour},
            {"tag_text", warned ? Json(colour_name(view.language(), colour)) : Json(false)},
            {"has_files", !files.empty()},
            {"files", files}};
}

} // namespace

std::string plain_number(const Json& value) {
    if (!value.is_number()) return "";
    auto text = value.dump();
    if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0) text.resize(text.size() - 2);
    return text;
}

std::string localised(const Json& texts, const std::string& language) {
    const auto own = text_of(texts, language);
    return own.empty() ? text_of(texts, "zh-CN") : own;
}

std::string answer_text(const View& view, const Json& indicator, const Json& answer) {
    if (not_applicable(answer))
        return view.t("page.indicators.not_applicable", {{"reason", text_of(answer, "reason")}});
    const auto value = typed_value(answer);
    if (value.empty()) return "";
    const auto kind = text_of(indicator, "kind");
    if (kind == "yes_no") return view.t(value == "1" ? "page.yes" : "page.no");
    if (kind == "grade" && texts::has(view.language(), "page.indicators.grade_" + value))
        return view.t("page.indicators.grade_" + value);
    const auto unit = localised(part(indicator, "unit"), view.language());
    return unit == "%" ? value + unit : value + " " + unit;
}

LastAnswers last_answers(View& view, const engine::CaseRow& row) {
    const auto from = [&](const engine::CaseRow& source) {
        return LastAnswers{answers::submitted(view.app, source), text_of(part(source.facts, self_check_fact), "on")};
    };
    if (!text_of(part(row.facts, self_check_fact), "document").empty()) return from(row);
    db::CaseFilter filter;
    filter.definition = workflows::village::workflow_key;
    filter.place_code = row.place.code;
    filter.sort = "-opened";
    filter.limit = 5;
    for (const auto& other : view.reading().list(filter).rows)
        if (other.id != row.id && !text_of(part(other.facts, self_check_fact), "document").empty()) return from(other);
    return {};
}

Uploaded store_uploads(View& view) {
    Uploaded uploaded;
    for (const auto& upload : view.request.uploads()) {
        if (upload.field.rfind("file_", 0) != 0) continue;
        const auto code = upload.field.substr(5);
        const auto stored = store_upload(view.app, view.me(), upload.content_file, upload.name);
        for (const auto& reason : stored.refusal.reasons())
            uploaded.refusal.add_for("value_" + code, reason.code, reason.facts);
        if (stored.refusal.empty()) uploaded.files[code].push_back(stored.info.sha256);
    }
    return uploaded;
}

Json as_shown(const Json& draft) {
    auto shown = Json::object();
    for (const auto& [code, answer] : draft.items())
        for (const auto* input : inputs)
            if (auto text = input_of(answer, input); !text.empty()) shown[code][input] = std::move(text);
    return shown;
}

Read read_answers(View& view, const Json& catalogue, const Json& draft, const Json& shown, const Uploaded& uploaded) {
    Read read;
    const auto& request = view.request;
    for (const auto& indicator : catalogue.at("indicators")) {
        const auto code = indicator.at("code").get<std::string>();
        if (!request.form().contains("value_" + code) && !request.form().contains("reason_" + code))
            continue; // the form does not have this indicator
        const auto before = part(draft, code).is_object() ? part(draft, code) : Json::object();
        auto answer = before, typed = before;
        for (const std::string input : inputs) {
            const auto mine = form_value(request, input + "_" + code), theirs = input_of(before, input),
                       old = text_of(part(shown, code), input);
            if (mine == old || mine == theirs) continue; // not changed here, or changed to the same value elsewhere
            put_input(indicator, typed, input, mine);
            if (theirs == old)
                put_input(indicator, answer, input, mine);
            else
                read.refusal.add_for("value_" + code, "answer_changed_elsewhere",
                                     {{"indicator", code + " " + localised(indicator.at("name"), view.language())},
                                      {"theirs", theirs.empty()  ? view.t("page.indicators.none")
                                                 : input == "na" ? view.t("ui.not_applicable")
                                                                 : theirs},
                                      {"mine", mine.empty()    ? view.t("page.indicators.none")
                                               : input == "na" ? view.t("ui.not_applicable")
                                                               : mine}});
        }
        const auto dropped = form_values(request, "drop_" + code);
        auto evidence = Json::array();
        for (const auto& sha256 : evidence_of(before))
            if (std::find(dropped.begin(), dropped.end(), sha256) == dropped.end()) evidence.push_back(sha256);
        if (const auto files = uploaded.files.find(code); files != uploaded.files.end())
            for (const auto& sha256 : files->second)
                if (std::find(evidence.begin(), evidence.end(), Json(sha256)) == evidence.end())
                    evidence.push_back(sha256);
        answer.erase("evidence");
        if (!evidence.empty()) answer["evidence"] = typed["evidence"] = evidence;
        if (answer == before && typed == before) continue;
        read.group = text_of(indicator, "category");
        if (answer != before) read.changed[code] = answer;
        if (typed != answer) read.typed[code] = typed;
    }
    return read;
}

engine::Refusal problems_of(const View& view, const Json& catalogue, const Json& draft) {
    engine::Refusal why;
    const auto digest =
        self_check::digest(catalogue, {{"catalogue_version", catalogue.at("version")}, {"answers", draft}});
    std::map<std::string, std::string> first; // code → reason
    const auto note = [&](const char* list, const char* reason) {
        for (const auto& code : part(digest, list)) first.emplace(code.get<std::string>(), reason);
    };
    note("out_of_range", "answer_out_of_range");
    note("without_reason", "answer_without_reason");
    note("without_evidence", "answer_without_evidence");
    note("missing", "answer_missing");
    for (const auto& indicator : catalogue.at("indicators")) {
        const auto code = indicator.at("code").get<std::string>();
        const auto found = first.find(code);
        if (found == first.end()) continue;
        const bool typed_no_number = found->second == "answer_missing" && part(part(draft, code), "value").is_string();
        why.add_for("value_" + code, typed_no_number ? "answer_not_a_number" : found->second,
                    {{"indicator", code + " " + localised(indicator.at("name"), view.language())},
                     {"min", plain_number(part(indicator, "min"))},
                     {"max", plain_number(part(indicator, "max"))}});
    }
    return why;
}

engine::Refusal wrong_values(const View& view, const Json& catalogue, const Json& draft) {
    engine::Refusal wrong;
    const auto problems = problems_of(view, catalogue, draft);
    for (const auto& reason : problems.reasons())
        if (reason.code == "answer_not_a_number" || reason.code == "answer_out_of_range")
            wrong.add_for(reason.field, reason.code, reason.facts);
    return wrong;
}

Json groups(View& view, const Json& catalogue, const Json& draft, const LastAnswers& last,
            const engine::Refusal& problems) {
    auto list = Json::array();
    for (const auto& category : categories) {
        auto rows = Json::array();
        int answered = 0;
        for (const auto& indicator : catalogue.at("indicators")) {
            if (indicator.at("category") != category) continue;
            const auto code = indicator.at("code").get<std::string>();
            std::string error;
            for (const auto& reason : problems.reasons())
                if (reason.field == "value_" + code && error.empty()) error = texts::sentence(view.language(), reason);
            const auto& answer = part(draft, code);
            answered += is_answered(indicator, answer);
            rows.push_back(row(view, indicator, answer, last, error));
        }
        if (rows.empty()) continue;
        list.push_back({{"group_id", category},
                        {"group_name", category_name(view.language(), category)},
                        {"saved_text", false},
                        {"group_progress", std::to_string(answered) + "/" + std::to_string(rows.size())},
                        {"answered", answered},
                        {"expected", rows.size()},
                        {"indicators", rows}});
    }
    return list;
}

Json answered_groups(View& view, const Json& catalogue, const Json& answers) {
    auto list = Json::array();
    for (const auto& category : categories) {
        auto rows = Json::array();
        for (const auto& indicator : catalogue.at("indicators")) {
            if (indicator.at("category") != category) continue;
            const auto code = indicator.at("code").get<std::string>();
            const auto& answer = part(answers, code);
            const auto text = answer_text(view, indicator, answer);
            const auto colour = not_applicable(answer) ? std::string() : self_check::colour_of(indicator, answer);
            const auto files = files_of(view, answer);
            rows.push_back({{"code", code},
                            {"name", localised(indicator.at("name"), view.language())},
                            {"answer", text.empty() ? view.t("page.indicators.none") : text},
                            {"is_missing", text.empty()},
                            {"has_colour", !colour.empty()},
                            {"tag_tone", colour.empty() ? std::string("neutral") : colour},
                            {"tag_text", colour.empty() ? std::string("-") : colour_name(view.language(), colour)},
                            {"note", or_false(text_of(answer, "note"))},
                            {"has_files", !files.empty()},
                            {"files", files}});
        }
        if (!rows.empty())
            list.push_back({{"group_id", category},
                            {"group_name", category_name(view.language(), category)},
                            {"indicators", rows}});
    }
    return list;
}

} // namespace cunmai::http::pages
