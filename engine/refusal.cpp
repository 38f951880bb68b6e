#include "engine/refusal.hpp"

#include <algorithm>

namespace cunmai::engine {

namespace {

// Nobody reads more, and to look for a reason among so many costs little, however many a request asks for.
constexpr std::ptrdiff_t reasons_max = 50;
constexpr std::string_view and_more = "and_more";

} // namespace

void Refusal::add_for(std::string_view field, std::string_view code, Json facts) {
    const bool counts = !reasons_.empty() && reasons_.back().code == and_more;
    const auto told = reasons_.end() - (counts ? 1 : 0);
    std::int64_t more = 1;
    if (code == and_more) { // of another refusal
        more = facts.at("count").get<std::int64_t>();
    } else {
        Reason reason{std::string(code), std::move(facts), std::string(field)};
        if (std::find(reasons_.begin(), told, reason) != told) return;
        if (told - reasons_.begin() < reasons_max) {
            reasons_.insert(told, std::move(reason));
            return;
        }
    }
    if (!counts) reasons_.push_back({std::string(and_more), {{"count", 0}}, ""});
    auto& count = reasons_.back().facts.at("count");
    count = count.get<std::int64_t>() + more;
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
