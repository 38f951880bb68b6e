// Notices to the holders of roles at the case's place, and the short text that names a prescription in lists.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows {

template <class... Roles> void notify(engine::Decision& decision, std::string topic, Json params = Json::object()) {
    decision.notices.push_back({std::move(topic), {std::string(Roles::key)...}, "", {}, std::move(params)});
}

inline void notify_people(engine::Decision& decision, std::string topic, const std::vector<std::string>& people,
                          Json params = Json::object()) {
    engine::Notice notice{std::move(topic), {}, "", {}, std::move(params)};
    for (const auto& person : people)
        if (!person.empty()) notice.people.push_back({person});
    if (!notice.people.empty()) decision.notices.push_back(std::move(notice));
}

// The first characters, on one line.
std::string title_of(const std::string& text, int characters_max = 60);
// What names a prescription in lists: its number within the village's case, and how its problem begins.
std::string prescription_title(int number, const std::string& problem);

} // namespace cunmai::workflows
