// Strict readers of client input: percent-encoding, UTF-8, JSON, forms. Each throws a Problem (400, 413 or 415) that
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
    std::vector<TempFile> files; // hold the uploads and are deleted with the request
};

// Reads "a=1&b=2" with %xx and +. A broken text is a Problem with this `code`.
std::multimap<std::string, std::string> read_pairs(std::string_view text, const std::string& code);
std::string read_path_segment(std::string_view segment);

Json read_json(const std::string& text);    // RFC 8259, ≤ 32 deep, no key twice, numbers finite, no U+0000
Json json_or_null(const std::string& text); // for a form's field; null for what read_json refuses

std::string media_type(const Request& request); // of the body, lower case, without parameters
bool is_form(const Request& request);
bool is_multipart(const Request& request);

// Values of a form's field: the first one, trimmed, or ""; and all those that are not blank.
std::string form_value(const Request& request, std::string_view key);
std::vector<std::string> form_values(const Request& request, std::string_view key);

enum class Files {
    keep,      // in temporary files of their own; one that is too large is a Problem 413
    keep_cut,  // of one that is too large the beginning, one byte more than allowed: check_upload refuses it by name
    pass_over, // nothing of them is kept
};

// Reads a multipart body. Its fields go into the form (a Problem 413 when they are longer than body_max_bytes in all),
// its files where `files` says.
void read_multipart(const Request& request, std::istream& body, const Config& config, Files files = Files::keep);

} // namespace cunmai::http
