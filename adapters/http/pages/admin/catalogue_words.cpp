// The indicator catalogue as people read it: a table, and the differences between two versions.
#include "adapters/http/pages/admin/rule_words.hpp"
#include "adapters/http/pages/case/case_model.hpp"

namespace cunmai::http::pages {

namespace {

std::string in_language(const View& view, const Json& value) {
    if (value.is_object()) return value.value(view.language(), value.value("zh-CN", ""));
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

std::string said(const View& view, const std::string& field, const Json& value) {
    const auto text = in_language(view, value);
    if (field == "category") return category_name(view.language(), text);
    const auto key = "page.catalogue." + field + "." + text;
    return texts::has(view.language(), key) ? view.t(key) : text;
}

std::map<std::string, Json> by_code(const Json& catalogue) {
    std::map<std::string, Json> indicators;
    if (catalogue.is_object())
        for (const auto& indicator : catalogue.value("indicators", Json::array()))
            indicators[indicator.value("code", "")] = indicator;
    return indicators;
}

// With the two thresholds as fields of their own.
Json flat(Json indicator) {
    const auto thresholds = indicator.value("thresholds", Json::object());
    indicator.erase("thresholds");
    for (const auto* colour : {"yellow", "red"}) indicator[colour] = thresholds.value(colour, Json());
    return indicator;
}

std::string difference(const View& view, const Json& before, const Json& after) {
    std::vector<std::string> parts;
    for (const auto& [field, now] : after.items()) {
        const auto was = before.value(field, Json());
        if (was == now) continue;
        const auto label = view.t("page.catalogue." + field);
        parts.push_back(
            now.is_object() && field != "name" && field != "unit"
                ? view.t("page.catalogue.reworded", {{"label", label}})
                : view.t("page.catalogue.from_to",
                         {{"label", label}, {"from", said(view, field, was)}, {"to", said(view, field, now)}}));
    }
    return join(view.language(), parts);
}

} // namespace

Json catalogue_rows(const View& view, const Json& catalogue) {
    auto rows = Json::array();
    if (!catalogue.is_object()) return rows;
    for (const auto& one : catalogue.value("indicators", Json::array())) {
        const auto indicator = flat(one);
        Json row;
        for (const auto* field :
             {"code", "name", "category", "unit", "direction", "yellow", "red", "weight", "evidence"})
            row[std::string("indicator_") + field] = said(view, field, indicator.value(field, Json()));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string catalogue_changes(const View& view, const Json& before, const Json& after) {
    const auto old = by_code(before), now = by_code(after);
    if (before.is_null()) return view.t("page.catalogue.first", {{"count", now.size()}});
    std::string text;
    const auto line = [&](std::string_view key, const Json& indicator, const std::string& what) {
        text += (text.empty() ? "" : "\n") + view.t(key, {{"code", indicator.value("code", "")},
                                                          {"name", in_language(view, indicator.value("name", Json()))},
                                                          {"what", what}});
    };
    for (const auto& [code, indicator] : now) {
        const auto was = old.find(code);
        if (was == old.end())
            line("page.catalogue.added", indicator, "");
        else if (was->second != indicator)
            line("page.catalogue.changed", indicator, difference(view, flat(was->second), flat(indicator)));
    }
    for (const auto& [code, indicator] : old)
        if (!now.count(code)) line("page.catalogue.removed", indicator, "");
    return text.empty() ? view.t("page.catalogue.same") : text;
}

} // namespace cunmai::http::pages
