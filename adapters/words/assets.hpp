// Style, script and icons: embedded, named by the hash of their content so that browsers may keep them.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::http {

struct Asset {
    std::string_view content;
    std::string media_type;
    std::string hash; // first 16 hex digits of SHA-256
};

const Asset* find_asset(std::string_view file); // "cunmai.css"; null when there is none

// Every "/assets/<file>" of a text, with ?v=<hash> added.
std::string with_asset_versions(std::string text);

} // namespace cunmai::http
