// Strict readers of what clients send: percent-encoding, UTF-8, JSON, forms. Each throws Problem 400 (413, 415) that
// says what is wrong; nothing is guessed or repaired.
#pragma once

#include "adapters/http/edge/http.hpp"
#include "adapters/http/wire/temp_file.hpp"

namespace cunmai::http {

inline constexpr int json_depth_max = 32;
inline constexpr int form_fields_max = 500;
inline constexpr int form_files_max = 50;

struct Request::Parsed {
    bool done = false;
    std::multimap<std::string, std::string> form;
    std::vector<Upload> uploads;
    std::vector<TempFile> files; // of the uploads; gone with the request
};

bool is_utf8(std::string_view text); // without NUL

// "a=1&b=2" with %xx and +. `code` is the problem's when it is broken.
std::multimap<std::string, std::string> read_pairs(std::string_view text, const std::string& code);
std::string read_path_segment(std::string_view segment);

Json read_json(const std::string& text);    // RFC 8259, ≤ 32 deep, no key twice, numbers finite, no U+0000
Json json_or_null(const std::string& text); // of a form's field: null for what read_json refuses

std::string media_type(const Request& request); // of the body, lower case, without parameters
bool is_form(const Request& request);
bool is_multipart(const Request& request);

// A multipart body that was spooled to a file: fields into form, files into temporary files of their own. A file that
// is too large is Problem 413; or, when they are to be `cut`, its beginning is kept, one byte more than is allowed, so
// that check_upload refuses it by name.
void read_multipart(const Request& request, const std::string& spooled_file, const Config& config, bool cut = false);

} // namespace cunmai::http
