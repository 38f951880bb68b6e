#include "adapters/services/line_check.hpp"

#include "engine/control_characters.hpp"
#include "engine/text.hpp"

namespace cunmai {

void check_line(const std::string& field, const std::string& text, std::size_t length_max, engine::Refusal& why) {
    if (!is_utf8(text))
        why.add_for(field, "malformed", {{"field", field}});
    else if (is_blank(text))
        why.add_for(field, "missing", {{"field", field}});
    else if (characters(text) > length_max)
        why.add_for(field, "too_long", {{"field", field}, {"max", length_max}});
    else if (has_control_character(text, Lines::one) || without_hidden(text) != text)
        why.add_for(field, "control_character", {{"field", field}});
}

} // namespace cunmai
