// The subset of JSON Schema 2020-12 that the OpenAPI document uses: type, enum, const, properties,
// required, additionalProperties, items, minItems, maxItems, minLength, maxLength, pattern, minimum, maximum,
// format date and date-time, anyOf, oneOf and $ref to #/components/schemas.
// Requests are checked with it before a handler runs, and tests check answers with it, so that the document always says
// what the server does.
#pragma once

#include "engine/json.hpp"
#include "engine/refusal.hpp"

#include <string>
#include <string_view>

namespace cunmai::schema {

// Reasons are coded like those of engine::check_payload; `field` is the dotted path of the value ("" is the whole).
// `components` is the object that "#/components/schemas/<name>" refers to.
engine::Refusal violations(const Json& schema, const Json& value, const Json& components);

// The value of a query or header parameter in the type of its schema. Null when it can't be converted.
Json parameter_value(const Json& schema, const std::string& text);

// Patterns that both the document and the server use. The two long ones are matched by hand, because their texts may be
// long.
inline constexpr std::string_view id_pattern = "^[A-Za-z0-9._-]{1,64}$";
inline constexpr std::string_view key_pattern = "^[a-z][a-z0-9_]{0,63}$";
inline constexpr std::string_view code_pattern = "^[0-9]{1,20}$";
inline constexpr std::string_view case_number_pattern = "^[0-9]{1,20}-[0-9]{8}(-[0-9]{1,9})?(/[0-9]{1,9})?$";
inline constexpr std::string_view sha256_pattern = "^[0-9a-f]{64}$";
inline constexpr std::string_view cursor_pattern = "^[A-Za-z0-9_=+/.:-]{1,400}$";
inline constexpr std::string_view visible_ascii_pattern = "^[!-~]{8,100}$"; // of Idempotency-Key
inline constexpr std::string_view one_line = R"(^[^\x00-\x1F]*$)";
inline constexpr std::string_view one_line_not_blank = R"(^[^\x00-\x1F]*[^\x00-\x20\u3000][^\x00-\x1F]*$)";
inline constexpr std::string_view lines = R"(^[^\x00-\x08\x0B\x0C\x0E-\x1F]*$)";
inline constexpr std::string_view lines_not_blank =
    R"(^[^\x00-\x08\x0B\x0C\x0E-\x1F]*[^\x00-\x20\u3000][^\x00-\x08\x0B\x0C\x0E-\x1F]*$)";

} // namespace cunmai::schema
