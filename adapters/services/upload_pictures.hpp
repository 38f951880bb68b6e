// Whether a picture is whole, and of a size that a browser can show. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace cunmai::http::pictures {

bool whole_png(std::string_view bytes);
std::size_t end_of_jpeg(std::string_view bytes); // where the picture ends; 0 when it is not whole
bool whole_webp(std::string_view bytes);

} // namespace cunmai::http::pictures
