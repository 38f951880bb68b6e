#include "db/cases/cursor.hpp"

#include "db/cases/cases.hpp"
#include "engine/digest.hpp"

namespace cunmai::db {

std::string to_cursor(const Json& values) { return to_base64url(values.dump()); }

Json from_cursor(const std::string& cursor, const std::string& kind, std::size_t size) {
    const auto text = from_base64url(cursor);
    if (!text) throw BadCursor();
    auto values = Json::parse(*text, nullptr, false);
    if (!values.is_array() || values.size() != size + 1 || values[0] != kind) throw BadCursor();
    values.erase(0);
    for (const auto& value : values)
        if (!value.is_string() && !value.is_number_integer()) throw BadCursor();
    return values;
}

} // namespace cunmai::db
