// PDF files as scanners, printers and mail programs leave them: bytes before and behind are none of the document's
// harm. Pure.
#pragma once

#include <string_view>

namespace cunmai::http::pdf {

bool is_pdf(std::string_view bytes);   // its head stands within the first 1024 bytes, as readers take it
bool is_whole(std::string_view bytes); // it has an end somewhere behind the head

// Nobody opens it without a password (or a certificate). One that is only protected against changes or printing opens
// without, and is none of these.
bool needs_password(std::string_view bytes);

} // namespace cunmai::http::pdf
