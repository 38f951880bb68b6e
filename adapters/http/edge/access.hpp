// Recognises who sends a request and whether this kind of request may be made at all (trust.md §5): session, bearer
// token, kind of route, Origin, form token. What a person may do with a case is decided by the engine, not here.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

// Fills in officer and csrf. `stale_bearer` is set when the bearer token that was sent is no longer valid.
struct Recognition {
    bool stale_bearer = false;
    std::string csrf_token;      // unmasked, to be compared with the form's; empty for programs
    std::string new_pre_session; // to be set as a cookie when a page is answered
};
Recognition recognise(App& app, Request& request);

// Throws Problem 401/403; a page's 401 is a redirect to the sign-in page instead.
void check_access(App& app, const Request& request, const Route& route, const Recognition& recognition);

// For changing requests: Origin, or else Sec-Fetch-Site, or else Referer must name this server. Programs send none of
// them, which is fine as long as they send no cookie of this server either.
void check_origin(const App& app, const Request& request);

// For changing requests, after the body was read: checks the form field `csrf` or the header X-CSRF-Token.
bool has_form_token(const Request& request, const Route& route, const Recognition& recognition);

// Whether a long form certainly comes from a page of this server. Then its content may be shown again although it can't
// be accepted, but only to the person who typed it (form field `by`, a login).
bool may_show_again(const App& app, const Request& request, const Route& route);

bool changes(std::string_view method);
std::string page_before(const App& app, const Request& request); // path of the Referer, if on this server, or ""

// Whether the person must choose a new password first, because somebody else knows the present one. Until then they may
// only do that and sign out.
// REQUIRES: signed in.
bool has_password_to_change(const Request& request, const Route& route);
Response to_sign_in(const App& app, const Request& request);
std::string language_of(const Request& request); // ?lang, cookie, person's setting, Accept-Language

} // namespace cunmai::http
