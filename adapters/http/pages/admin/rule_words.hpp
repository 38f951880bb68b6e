// The district's settings in words, for the pages where rules are edited and where their changes are read.
#pragma once

#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

std::string rule_name(const View& view, const std::string& key);
std::string rule_in_words(const View& view, const std::string& key, const Json& value); // a line for each part

// The indicators of a catalogue, for a table.
Json catalogue_rows(const View& view, const Json& catalogue);
// The changes of a catalogue against the one before (null for the first), one line for each indicator.
std::string catalogue_changes(const View& view, const Json& before, const Json& after);

} // namespace cunmai::http::pages
