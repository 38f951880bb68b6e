// The names of persons on a page.
#pragma once

#include "adapters/words/names.hpp"
#include "db/people/people.hpp"

#include <set>

namespace cunmai::http::pages {

using namespace words;

// Names of persons, read once for a whole page: collect ids, then look them up.
class Names {
  public:
    void want(const std::string& id) {
        if (!id.empty()) ids_.insert(id);
    }
    void want(const Json& value); // a string, or a list of them
    void load(db::People& people, const std::string& language);
    std::string of(const std::string& id) const; // the id itself when there is no such person
    std::string of(const Json& value, const std::string& language) const;

  private:
    std::set<std::string> ids_;
    std::map<std::string, std::string> names_;
};

} // namespace cunmai::http::pages
