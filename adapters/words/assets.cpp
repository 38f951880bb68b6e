#include "adapters/words/assets.hpp"

#include "cmake/embedded.hpp"

#include <sodium.h>

#include <map>

namespace cunmai::http {

namespace {

constexpr std::string_view folder = "assets/";

std::string media_type_of(std::string_view file) {
    const auto dot = file.rfind('.');
    const auto extension = dot == std::string_view::npos ? "" : file.substr(dot + 1);
    if (extension == "css") return "text/css; charset=utf-8";
    if (extension == "js") return "text/javascript; charset=utf-8";
    if (extension == "svg") return "image/svg+xml; charset=utf-8";
    if (extension == "png") return "image/png";
    return "";
}

std::string short_hash(std::string_view content) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(content.data()), content.size());
    char hex[17];
    sodium_bin2hex(hex, sizeof hex, digest, 8);
    return hex;
}

const std::map<std::string_view, Asset>& assets() {
    static const auto all = [] {
        std::map<std::string_view, Asset> found;
        for (const auto& [path, content] : embedded::templates()) {
            if (path.substr(0, folder.size()) != folder) continue;
            const auto file = path.substr(folder.size());
            if (auto media_type = media_type_of(file); !media_type.empty())
                found.emplace(file, Asset{content, std::move(media_type), short_hash(content)});
        }
        return found;
    }();
    return all;
}

} // namespace

const Asset* find_asset(std::string_view file) {
    const auto found = assets().find(file);
    return found == assets().end() ? nullptr : &found->second;
}

std::string with_asset_versions(std::string text) {
    constexpr std::string_view prefix = "/assets/";
    std::size_t at = 0;
    while ((at = text.find(prefix, at)) != std::string::npos) {
        const auto begin = at + prefix.size();
        const auto end =
            text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", begin);
        at = end == std::string::npos ? text.size() : end;
        const auto* asset = find_asset(std::string_view(text).substr(begin, at - begin));
        if (!asset || (at < text.size() && text[at] == '?')) continue;
        text.insert(at, "?v=" + asset->hash);
    }
    return text;
}

} // namespace cunmai::http
