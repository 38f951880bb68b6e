// What may be uploaded, for pages and API alike: the type is read from the bytes and must agree with the name's
// extension; images are walked to their end; Office files are opened and their unpacked size and ratio capped.
// Nothing is stored that was not checked here (trust.md §5).
#pragma once

#include "adapters/services/app.hpp"

#include <istream>

namespace cunmai::http {

struct CheckedUpload {
    engine::Refusal refusal; // empty: it may be kept. Codes: upload_empty, upload_too_large, upload_heic,
                             // upload_type_unknown, upload_type_mismatch, upload_damaged, upload_name
    std::string media_type;  // from the bytes
    std::string name;        // safe to show and to offer for download: see safe_name
    std::int64_t size = 0;   // bytes to keep, from the first: what follows the end of a JPEG is not of the picture
};

// Of what a client sent: no path, no control or hidden characters, at most 120 characters; "" when it is not UTF-8.
std::string safe_name(const std::string& client_name);

// Reads a file (a temporary one, not yet stored).
CheckedUpload check_upload(const std::string& file, const std::string& client_name, std::int64_t size_max);

struct StoredUpload {
    engine::Refusal refusal;
    db::DocumentInfo info;
};

// REQUIRES: it was checked and not refused. Cuts the file to what is kept.
db::DocumentInfo keep_upload(App& app, const engine::PersonId& by, const std::string& file,
                             const CheckedUpload& checked);

// Checks and keeps it.
StoredUpload store_upload(App& app, const engine::PersonId& by, const std::string& file,
                          const std::string& client_name);

bool is_image(std::string_view media_type); // may be shown inside a page
std::string accepted_extensions();          // for <input type="file" accept="…">

} // namespace cunmai::http
