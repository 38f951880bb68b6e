#include "engine/needs.hpp"

#include <algorithm>
#include <array>

namespace cunmai::engine {

namespace {

// The engine gives a tally too, but a workflow may replace it by one that leaves out votes which must not be counted.
constexpr std::array<std::string_view, 9> own_keys{"roles",  "qualifiers", "relations", "today",      "place",
                                                   "parent", "batch",      "sealed",    "new_case_id"};

std::logic_error clash(std::string_view key, std::string_view of, std::string_view with) {
    return std::logic_error("need \"" + std::string(key) + "\" of " + std::string(of) + " has the key of " +
                            std::string(with));
}

} // namespace

void NeedList::add(const Need& need) {
    if (std::find(own_keys.begin(), own_keys.end(), need.key) != own_keys.end())
        throw clash(need.key, need.of, "the engine");
    const auto same = std::find_if(list_.begin(), list_.end(), [&](const Need& one) { return one.key == need.key; });
    if (same == list_.end())
        list_.push_back(need);
    else if (same->type != need.type)
        throw clash(need.key, need.of, same->of);
}

void NeedList::add(const NeedList& other) {
    for (const auto& need : other.list_) add(need);
}

std::vector<std::string> NeedList::keys() const {
    std::vector<std::string> keys;
    for (const auto& need : list_) keys.emplace_back(need.key);
    return keys;
}

Json NeedList::gather(const Ask& ask, const CommandInfo& command, Knowledge& knowledge) const {
    auto found = Json::object();
    if (list_.empty()) return found;
    Json known = *ask.context.members_;
    const Ask knowing{ask.case_id, ask.place, ask.state, ask.facts,        ask.command, ask.payload,
                      known,       ask.at,    ask.actor, ask.on_behalf_of, ask.preview};
    for (const auto& need : list_) {
        auto& value = found[std::string(need.key)] = need.gather(knowing, command, knowledge);
        known[std::string(need.key)] = value;
    }
    return found;
}

void NeedList::demand(const Ask& ask) const {
    for (const auto& need : list_)
        if (!ask.context.members_->contains(need.key)) throw MissingNeed(need.key, need.of);
}

std::vector<std::string> add_gathered(Json& context, const Json& gathered) {
    std::vector<std::string> not_found;
    for (const auto& [key, value] : gathered.items()) {
        if (value.is_null() && !context.contains(key)) not_found.push_back(key);
        context[key] = value;
    }
    return not_found;
}

void add_not_found(Json& context, const DefinitionInfo& info, std::string_view state, std::string_view command) {
    for (const auto& row : info.rows)
        if (row.from == state && row.command == command)
            for (const auto& need : row.needs) context.emplace(need, nullptr);
}

} // namespace cunmai::engine
