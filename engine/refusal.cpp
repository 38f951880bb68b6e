#include "engine/refusal.hpp"

#include <algorithm>

namespace cunmai::engine {

void Refusal::add_for(std::string_view field, std::string_view code, Json facts) {
    Reason reason{std::string(code), std::move(facts), std::string(field)};
    if (std::find(reasons_.begin(), reasons_.end(), reason) == reasons_.end()) reasons_.push_back(std::move(reason));
}

void Refusal::add_all(const Refusal& other) {
    for (const auto& reason : other.reasons_) add_for(reason.field, reason.code, reason.facts);
}

bool Refusal::has(std::string_view code) const {
    return std::any_of(reasons_.begin(), reasons_.end(), [&](const Reason& reason) { return reason.code == code; });
}

bool Refusal::is_about(std::string_view field) const {
    return !field.empty() &&
           std::any_of(reasons_.begin(), reasons_.end(), [&](const Reason& reason) { return reason.field == field; });
}

Json to_json(const Refusal& refusal) {
    auto list = Json::array();
    for (const auto& reason : refusal.reasons()) {
        Json item{{"code", reason.code}, {"facts", reason.facts}};
        if (!reason.field.empty()) item["field"] = reason.field;
        list.push_back(std::move(item));
    }
    return list;
}

Refusal refusal_of(const Json& json) {
    Refusal refusal;
    for (const auto& item : json)
        refusal.add_for(item.value("field", ""), item.at("code").get<std::string>(), item.at("facts"));
    return refusal;
}

} // namespace cunmai::engine
