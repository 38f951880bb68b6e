#include "adapters/demo/pilot/answers.hpp"

#include <algorithm>
#include <cmath>

namespace cunmai::pilot {

namespace {

constexpr auto may_be_not_applicable = "INT-08"; // a village without small works has none to choose a builder for

double good_value(const Json& indicator) {
    const double yellow = indicator.at("thresholds").at("yellow"), min = indicator.at("min"), max = indicator.at("max");
    if (indicator.at("kind") == "yes_no" || indicator.at("kind") == "grade")
        return indicator.at("direction") == "lower_is_better" ? min : std::min(max, yellow + 1);
    if (indicator.at("direction") == "lower_is_better") return std::max(min, std::floor(yellow / 2));
    return std::min(max, yellow + std::max(1.0, std::floor(yellow / 20)));
}

} // namespace

Json answers_document(const Json& catalogue, const std::set<std::string>& red, const std::string& evidence,
                      const std::string& not_applicable_reason) {
    auto answers = Json::object();
    for (const auto& indicator : catalogue.at("indicators")) {
        const std::string code = indicator.at("code");
        if (code == may_be_not_applicable) {
            answers[code] = {{"not_applicable", true}, {"reason", not_applicable_reason}};
            continue;
        }
        const bool is_red = red.contains(code);
        answers[code] = {
            {"value", is_red ? indicator.at("thresholds").at("red").get<double>() : good_value(indicator)}};
        const auto rule = indicator.value("evidence", "never");
        if (rule == "always" || (is_red && rule != "never")) answers[code]["evidence"] = Json::array({evidence});
    }
    return {{"catalogue_version", catalogue.at("version")}, {"answers", std::move(answers)}};
}

} // namespace cunmai::pilot
