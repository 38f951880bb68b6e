#include "workflows/prescription/facts.hpp"

#include "workflows/common/notices.hpp"
#include "workflows/common/tasks.hpp"
#include "workflows/prescription/states.hpp"

namespace cunmai::workflows::prescription {

const Json& part(const Json& facts, std::string_view key) {
    static const Json nothing;
    if (!facts.is_object()) return nothing;
    const auto found = facts.find(std::string(key));
    return found == facts.end() ? nothing : *found;
}

std::string text_of(const Json& facts, std::string_view key) {
    const auto& value = part(facts, key);
    return value.is_string() ? value.get<std::string>() : "";
}

std::string colour_of(std::string_view state, const Json& facts, std::string_view today) {
    const auto deadline_on = text_of(facts, "deadline_on");
    if (!is_in<Issued, InProgress, AwaitingCheck>(state) || deadline_on.empty()) return "";
    if (today > deadline_on) return "red";
    const bool pending = facts.contains("extension") && part(facts, "yellow_while_pending") != false;
    return pending || today >= text_of(facts, "remind_on") ? "yellow" : "green";
}

std::string title_in(const Json& facts) {
    return prescription_title(facts.value("number", 1), text_of(facts, "problem"));
}

Json merged_with(const Json& facts, const Json& payload) {
    Json merged = facts;
    for (const auto& [key, value] : payload.items())
        if (!value.is_null() && value != "") merged[key] = value;
    return merged;
}

} // namespace cunmai::workflows::prescription
