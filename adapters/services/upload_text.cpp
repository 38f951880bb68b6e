#include "adapters/services/upload_text.hpp"

#include "engine/text.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>

namespace cunmai::http {

namespace {

bool is_plain(std::string_view text) {
    return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char byte) {
               return static_cast<unsigned char>(byte) < 0x20 && byte != '\n' && byte != '\r' && byte != '\t';
           });
}

class Charset { // of iconv
  public:
    explicit Charset(const char* name) : handle_(::iconv_open("UTF-8", name)) {
        if (handle_ == reinterpret_cast<iconv_t>(-1))
            throw std::runtime_error(std::string("the C library does not know ") + name);
    }
    ~Charset() { ::iconv_close(handle_); }
    Charset(const Charset&) = delete;
    Charset& operator=(const Charset&) = delete;
    iconv_t handle() const { return handle_; }

  private:
    iconv_t handle_;
};

std::optional<std::string> as_utf8(std::string_view bytes, const char* name) {
    const Charset charset(name);
    std::string text;
    std::array<char, 16 * 1024> buffer;
    auto* in = const_cast<char*>(bytes.data()); // iconv only reads it
    auto left = bytes.size();
    while (left > 0) {
        auto* out = buffer.data();
        auto room = buffer.size();
        const auto done = ::iconv(charset.handle(), &in, &left, &out, &room);
        text.append(buffer.data(), buffer.size() - room);
        if (done == static_cast<std::size_t>(-1) && errno != E2BIG) return std::nullopt;
    }
    return text;
}

// Nearly any bytes can be read as GB18030. What people wrote consists of the characters of GB 2312, almost all of it;
// UTF-8 that was cut does not.
bool is_of_gb2312(std::string_view bytes) {
    std::size_t pairs = 0, common = 0;
    for (std::size_t at = 0; at + 1 < bytes.size();) {
        const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
        if (first < 0x80) {
            ++at;
            continue;
        }
        ++pairs;
        if (first >= 0xA1 && first <= 0xF7 && second >= 0xA1) ++common;
        at += 2;
    }
    return common * 10 >= pairs * 9;
}

} // namespace

std::string charset_of(std::string_view bytes) {
    if (is_plain(bytes)) return "utf-8";
    const auto reads_as = [&](const char* charset) {
        const auto text = as_utf8(bytes, charset);
        return text && is_plain(*text);
    };
    if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") return reads_as("UTF-16") ? "utf-16" : "";
    return is_of_gb2312(bytes) && reads_as("GB18030") ? "gb18030" : "";
}

} // namespace cunmai::http
