// Text files as Windows, WPS and telephones write them: UTF-8, GB18030 (GBK), UTF-16 with its mark. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::http {

// "utf-8", "gb18030" or "utf-16"; "" when the bytes are no text: broken, or with control characters.
std::string charset_of(std::string_view bytes);

} // namespace cunmai::http
