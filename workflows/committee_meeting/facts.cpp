#include "workflows/committee_meeting/facts.hpp"

#include <algorithm>

namespace cunmai::workflows::meeting {

bool contains(const Json& list, const Json& item) {
    return list.is_array() && std::find(list.begin(), list.end(), item) != list.end();
}

Json member_or_empty_list(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || !found->is_array() ? Json::array() : *found;
}

Json each_once(const Json& list) {
    Json unique = Json::array();
    for (const auto& item : list)
        if (!contains(unique, item)) unique.push_back(item);
    return unique;
}

Json without(const Json& list, const Json& item) {
    Json rest = Json::array();
    for (const auto& one : list)
        if (one != item) rest.push_back(one);
    return rest;
}

} // namespace cunmai::workflows::meeting
