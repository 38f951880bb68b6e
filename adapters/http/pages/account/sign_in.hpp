// Signing in with a form in hand: who sent a long form without being signed in (any more) gets it back afterwards.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http::pages {

// 401: the sign-in page, which carries what was typed along. Files and passwords are not carried, nor what is larger
// than 256 KiB in all. Once the same person has signed in they open the form with it; it is never sent by itself.
// REQUIRES: may_show_again, the body read.
Response sign_in_and_go_on(App& app, const Request& request);

} // namespace cunmai::http::pages
