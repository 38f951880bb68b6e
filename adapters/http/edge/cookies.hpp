// Cookies and the tokens of forms (trust.md §5).
//   __Host-cunmai       the session; HttpOnly, ends when the browser closes
//   __Host-cunmai-pre   before signing in: the token that forms of pages without sign-in must match
//   __Host-cunmai-lang  the language chosen
//   __Host-cunmai-keys  "off": no keyboard shortcuts
// All are Secure and SameSite=Lax; browsers take Secure cookies from http://127.0.0.1 too.
#pragma once

#include <string>
#include <string_view>

namespace cunmai::http {

// Values of Set-Cookie.
std::string session_cookie(const std::string& token);
std::string ended_session_cookie();
std::string pre_session_cookie(const std::string& token);
std::string language_cookie(const std::string& language);
std::string shortcuts_cookie(bool off);

inline constexpr std::string_view session_cookie_name = "__Host-cunmai";
inline constexpr std::string_view pre_session_cookie_name = "__Host-cunmai-pre";
inline constexpr std::string_view language_cookie_name = "__Host-cunmai-lang";
inline constexpr std::string_view shortcuts_cookie_name = "__Host-cunmai-keys";

// Where people come over plain HTTP (server.plain_http) browsers keep no cookie with these attributes and this prefix:
// there the same cookies go without them. Of a Set-Cookie, and back of a Cookie header.
std::string as_plain(std::string set_cookie);
std::string from_plain(const std::string& header);

// The value of a cookie in a Cookie header; "" when it is absent or appears twice.
std::string cookie(std::string_view header, std::string_view name);

// A CSRF token masked for a page: different each time, so that compression reveals nothing about it.
std::string masked(const std::string& token);
bool matches(const std::string& sent, const std::string& token); // sent: masked or plain; never true for an empty token

std::string random_token();      // 43 characters base64url, 256 bits
std::string random_request_id(); // 12 characters that people can read out: 7K3M9QXV2TDA

} // namespace cunmai::http
