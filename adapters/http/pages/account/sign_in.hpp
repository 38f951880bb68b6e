// Signing in with a form in hand: a person whose session had ended when they sent a long form gets it back afterwards.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http::pages {

// 401: the sign-in page, which carries along what was typed, but no files, no passwords, and not more than 256 KiB in
// all. Once the same person has signed in, they get the form with this input; it is never sent by itself.
// REQUIRES: may_show_again holds, and the body was read.
Response sign_in_and_go_on(App& app, const Request& request);

} // namespace cunmai::http::pages
