#include "workflows/evaluation/self_check.hpp"
#include "engine/digest.hpp"
#include "engine/text.hpp"

#include <cmath>
#include <optional>
#include <set>

namespace cunmai::workflows::self_check {

namespace {

std::optional<double> value_of(const Json& answer) {
    if (!answer.is_object()) return {};
    const auto value = answer.find("value");
    if (value == answer.end()) return {};
    if (value->is_boolean()) return value->get<bool>() ? 1.0 : 0.0;
    if (!value->is_number()) return {};
    const auto number = value->get<double>();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool says_not_applicable(const Json& answer) {
    const auto flag = answer.is_object() ? answer.find("not_applicable") : answer.end();
    return answer.is_object() && flag != answer.end() && flag->is_boolean() && flag->get<bool>();
}

bool has_text(const Json& answer, const char* key) {
    const auto text = answer.find(key);
    return text != answer.end() && text->is_string() && !is_blank(text->get_ref<const std::string&>());
}

bool asks_for_evidence(const Json& indicator, const std::string& colour) {
    const auto rule = indicator.value("evidence", "never");
    return rule == "always" || (rule == "when_red" && colour == "red") ||
           (rule == "when_yellow" && (colour == "yellow" || colour == "red"));
}

bool within(const Json& indicator, double value) {
    if (value < indicator.value("min", value) || value > indicator.value("max", value)) return false;
    const auto kind = indicator.value("kind", "number");
    const bool whole = kind == "yes_no" || kind == "grade";
    return !whole || value == std::floor(value);
}

class Digest {
  public:
    void take(const Json& indicator, const Json& answer) {
        const auto code = indicator.at("code").get<std::string>();
        ++expected_;
        if (says_not_applicable(answer)) return explained(code, answer);
        const auto value = value_of(answer);
        if (!value) return missing_.push_back(code);
        if (!within(indicator, *value)) return out_of_range_.push_back(code);
        ++answered_;
        const auto colour = colour_of(indicator, answer);
        yellow_ += colour == "yellow";
        if (colour == "red") red_.push_back(code);
        if (asks_for_evidence(indicator, colour) && evidence_of(answer).empty()) without_evidence_.push_back(code);
    }

    Json result(const Json& version, Json unknown) const {
        return {{"catalogue_version", version},
                {"expected", expected_},
                {"answered", answered_},
                {"not_applicable", not_applicable_},
                {"missing", missing_},
                {"without_reason", without_reason_},
                {"without_evidence", without_evidence_},
                {"out_of_range", out_of_range_},
                {"unknown", std::move(unknown)},
                {"warnings", {{"yellow", yellow_}, {"red", red_.size()}}},
                {"red_indicators", red_}};
    }

  private:
    void explained(const std::string& code, const Json& answer) {
        if (has_text(answer, "reason"))
            ++not_applicable_;
        else
            without_reason_.push_back(code);
    }

    int expected_ = 0, answered_ = 0, not_applicable_ = 0, yellow_ = 0;
    Json missing_ = Json::array(), without_reason_ = Json::array(), without_evidence_ = Json::array(),
         out_of_range_ = Json::array(), red_ = Json::array();
};

} // namespace

std::string colour_of(const Json& indicator, const Json& answer) {
    if (says_not_applicable(answer)) return "";
    const auto value = value_of(answer);
    if (!value || !within(indicator, *value)) return "";
    const bool lower_is_better = indicator.value("direction", "") == "lower_is_better";
    const auto crossed = [&](const char* threshold) {
        const auto limit = indicator.at("thresholds").at(threshold).get<double>();
        return lower_is_better ? *value >= limit : *value <= limit;
    };
    return crossed("red") ? "red" : crossed("yellow") ? "yellow" : "green";
}

Json digest(const Json& catalogue, const Json& answers) {
    const bool readable = answers.is_object() && answers.contains("answers") && answers.at("answers").is_object();
    if (!readable) return {{"unreadable", true}};
    const auto& given = answers.at("answers");
    Digest digest;
    std::set<std::string> known;
    for (const auto& indicator : catalogue.at("indicators")) {
        const auto code = indicator.at("code").get<std::string>();
        known.insert(code);
        digest.take(indicator, given.value(code, Json()));
    }
    auto unknown = Json::array();
    for (const auto& [code, answer] : given.items())
        if (!known.contains(code) && unknown.size() < 10) unknown.push_back(code.substr(0, 40));
    auto result = digest.result(catalogue.at("version"), std::move(unknown));
    const auto version = answers.value("catalogue_version", Json());
    if (version != catalogue.at("version")) result["other_version"] = version.is_number_integer() ? version : Json(0);
    return result;
}

Json evidence_of(const Json& answer) {
    if (!answer.is_object()) return Json::array();
    const auto list = answer.find("evidence");
    return list != answer.end() && list->is_array() ? *list : Json::array();
}

std::set<std::string> evidence_named(const Json& answers) {
    std::set<std::string> hashes;
    if (!answers.is_object() || !answers.contains("answers") || !answers.at("answers").is_object()) return hashes;
    for (const auto& answer : answers.at("answers"))
        for (const auto& item : evidence_of(answer)) {
            const auto text = item.is_string() ? item.get<std::string>() : "";
            if (is_hex(text, 64)) hashes.insert(text);
        }
    return hashes;
}

Json digest_text(const Json& catalogue, std::string_view answers_document) {
    const auto answers = Json::parse(answers_document, nullptr, false);
    return digest(catalogue, answers);
}

} // namespace cunmai::workflows::self_check
