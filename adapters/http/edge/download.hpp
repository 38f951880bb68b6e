// Answers that are files to keep: attachments under a safe name, of which no browser guesses another type and in which
// it runs nothing.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

// Puts the headers of a download; `name` may be any text, its extension included.
void as_download(Response& response, const std::string& media_type, const std::string& name);

} // namespace cunmai::http
