// What may be uploaded, for pages and API alike: the type is read from the bytes and must agree with the name's ending;
// where telephones and chat programs give another one or none, the name gets the right one. Images are walked to their
// end; Office files are opened, their unpacked size and ratio capped, programs and parts from elsewhere refused.
// Nothing is stored that was not checked here (trust.md §5).
#pragma once

#include "adapters/services/app.hpp"

#include <istream>

namespace cunmai::http {

struct CheckedUpload {
    engine::Refusal refusal; // empty: it may be kept. Codes: upload_empty, upload_too_large, upload_heic,
                             // upload_type_unknown, upload_type_mismatch, upload_damaged, upload_password,
                             // upload_macros, upload_paths, upload_remote
    std::string media_type;  // from the bytes; of text that is not UTF-8 with its charset
    std::string name;        // safe to show and to offer for download: see safe_name
    std::int64_t size = 0;   // bytes to keep, from the first: what follows the end of a JPEG is not of the picture
};

// Of what a client sent: no path, no control or hidden characters, at most 120 characters; "" when it is not UTF-8.
std::string safe_name(const std::string& client_name);

// Reads a file (a temporary one, not yet stored).
CheckedUpload check_upload(const std::string& file, const std::string& client_name, std::int64_t size_max);

struct StoredUpload {
    engine::Refusal refusal{}; // as above, and upload_day_full, upload_infected, upload_not_scanned
    db::DocumentInfo info{};
};

// REQUIRES: it was checked and not refused. Has it looked at by the virus scanner, where there is one, and counts it
// against what a person may upload in a day. Cuts the file to what is kept.
StoredUpload keep_upload(App& app, const engine::PersonId& by, const std::string& file, const CheckedUpload& checked);

// Checks and keeps it.
StoredUpload store_upload(App& app, const engine::PersonId& by, const std::string& file,
                          const std::string& client_name);

// What was uploaded more than a day ago and that neither a case nor a draft names. Returns how many were removed; more
// may be left.
int remove_unused_uploads(App& app);

bool is_image(std::string_view media_type); // may be shown inside a page
std::string accepted_extensions();          // for <input type="file" accept="…">

} // namespace cunmai::http
