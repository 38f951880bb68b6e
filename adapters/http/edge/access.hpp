// Who asks, and may they ask this way at all (trust.md §5): session, bearer token, kind of route, Origin, form token.
// What a person may do with a case is the engine's business, not ours.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http {

// Fills officer and csrf. `stale` is set when a bearer token was sent that is no longer good.
struct Recognition {
    bool stale_bearer = false;
    std::string csrf_token;      // unmasked: what the form must match; empty for programs
    std::string new_pre_session; // to be set as a cookie when a page is answered
};
Recognition recognise(App& app, Request& request);

// Throws Problem 401/403; a page's 401 is a redirect to the sign-in page instead.
void check_access(App& app, const Request& request, const Route& route, const Recognition& recognition);

// Of a changing request. Origin, else Sec-Fetch-Site, else Referer must speak of this server. Programs send none of
// them: that is fine as long as they send no cookie of ours either.
void check_origin(const App& app, const Request& request);

// Of a changing request, after its body was read: form field `csrf` or header X-CSRF-Token.
bool has_form_token(const Request& request, const Route& route, const Recognition& recognition);

// A long form, sent by a page that is surely ours: what was typed may be shown again though it can't be taken, to the
// person who typed it only (form field `by`, a login).
bool may_show_again(const App& app, const Request& request, const Route& route);

bool changes(std::string_view method);
std::string page_before(const App& app, const Request& request); // Referer, when it is a page of ours: its path; or ""

// Somebody else knows their password: until they choose another one they may do that and sign out, nothing else.
// REQUIRES: signed in.
bool has_password_to_change(const Request& request, const Route& route);
Response to_sign_in(const App& app, const Request& request);
std::string language_of(const Request& request); // ?lang, cookie, person's setting, Accept-Language

} // namespace cunmai::http
