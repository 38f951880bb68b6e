// Schemas in few words, for the API's document and for the rules of the district.
#pragma once

#include "adapters/services/schema.hpp"

#include <vector>

namespace cunmai::schema {

Json ref(std::string_view component);                 // $ref to a component
Json text(std::size_t length_max);                    // one line, may be empty
Json said(std::size_t length_max);                    // one line, not blank
Json prose(std::size_t length_max);                   // several lines, not blank
Json like(std::string_view pattern);                  // text that matches the pattern
Json one_of(const std::vector<std::string>& choices); // enum of texts
Json number(std::int64_t min, std::int64_t max);      // integer
Json date();
Json instant();
Json password(); // 1 to 200 characters, any but NUL
Json flag();
Json list_of(Json items, std::size_t items_max = 1000);
Json or_null(Json schema); // REQUIRES: a schema with one type
// An object with exactly these members; those in `optional` may be left out.
Json object(Json properties, const std::vector<std::string>& optional = {});
Json page_of(std::string_view component, Json more = Json::object()); // items, next_cursor and more
Json anything();

} // namespace cunmai::schema
