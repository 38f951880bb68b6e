// The district's settings as a reader says them. Used where rules are edited and where their changes are read.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

std::string rule_name(const View& view, const std::string& key);
std::string rule_in_words(const View& view, const std::string& key, const Json& value); // a line for each part

// The indicators of a catalogue, for a table.
Json catalogue_rows(const View& view, const Json& catalogue);
// What a catalogue changed in the one before it (null: it was the first), a line for each indicator.
std::string catalogue_changes(const View& view, const Json& before, const Json& after);

} // namespace cunmai::http::pages
