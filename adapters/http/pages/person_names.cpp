#include "adapters/http/pages/person_names.hpp"

namespace cunmai::http::pages {

void Names::want(const Json& value) {
    if (value.is_string())
        want(value.get<std::string>());
    else if (value.is_array())
        for (const auto& item : value) want(item);
}

void Names::load(db::People& people, const std::string& language) {
    ids_.erase(engine::system_person.text);
    if (!ids_.empty()) names_ = people.names({ids_.begin(), ids_.end()});
    names_[engine::system_person.text] = texts::text(language, "page.system_person");
}

std::string Names::of(const std::string& id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? id : found->second;
}

std::string Names::of(const Json& value, const std::string& language) const {
    if (value.is_string()) return of(value.get_ref<const std::string&>());
    std::vector<std::string> names;
    if (value.is_array())
        for (const auto& item : value) names.push_back(of(item, language));
    return words::join(language, names);
}

} // namespace cunmai::http::pages
