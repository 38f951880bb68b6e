// Order of an attempt: lockout, then the same Argon2id work whether or not the name is known, then the outcome.
// Failures are counted per name, known or not, so that a lockout does not tell which names exist.
#include "adapters/services/sign_in.hpp"

#include "adapters/services/administration.hpp"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <semaphore>
#include <stdexcept>

namespace cunmai::sign_in {

namespace {

constexpr std::size_t password_bytes_max = 1024;
constexpr std::size_t login_bytes_max = 100;
constexpr std::size_t token_length = 43;

std::counting_semaphore<2>& hashing() {
    static std::counting_semaphore<2> seats(2);
    return seats;
}

std::string random_token() {
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    char text[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

std::string hash_of(std::string_view token) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(token.data()), token.size());
    char hex[sizeof digest * 2 + 1];
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return hex;
}

// What failures are counted under. Lower case like the names themselves; an absurdly long one by its hash.
std::string counted_name(std::string_view login) {
    if (login.size() > login_bytes_max) return hash_of(login);
    std::string name(login);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char byte) { return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : byte; });
    return name;
}

// A hash of a password that nobody knows, with the parameters of the real ones.
const std::string& nobodys_hash() {
    static const std::string hash = administration::hash_password(random_token());
    return hash;
}

bool verifies(App& app, const std::string& hash, const std::string& password) {
    app.metrics.password_checked();
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

} // namespace

Seat::Seat() {
    if (!hashing().try_acquire_for(std::chrono::seconds(20)))
        throw engine::Busy("too many people are signing in at once", 5);
}

Seat::~Seat() { hashing().release(); }

Check check(App& app, const std::string& login, const std::optional<db::Person>& person, const std::string& password) {
    const auto name = counted_name(login);
    const auto window_seconds = std::int64_t{app.config.lockout_minutes} * 60;
    Check answer;
    const auto locked = [&] {
        const auto since = app.clock.now().plus_seconds(-window_seconds);
        answer.locked = app.sessions.failures(name, since) >= app.config.lockout_failures;
        if (answer.locked) answer.retry_after_seconds = static_cast<int>(window_seconds);
        return answer.locked;
    };
    if (locked()) return answer;

    const bool can_sign_in = person && person->active && !person->password_hash.empty();
    const auto& dummy = nobodys_hash();
    {
        const Seat seat;
        if (locked()) return answer; // others failed while this one waited
        const bool right =
            verifies(app, can_sign_in ? person->password_hash : dummy, password.substr(0, password_bytes_max));
        answer.good = right && can_sign_in && password.size() <= password_bytes_max;
        if (!answer.good) app.sessions.failed(name, app.clock.now());
    }
    if (answer.good) app.sessions.succeeded(name);
    return answer;
}

std::optional<Ticket> open(App& app, const db::Person& verified, const std::string& kind, const std::string& label) {
    const auto now = app.clock.now();
    Ticket ticket{.token = random_token(),
                  .csrf = random_token(),
                  .expires_at = now.plus_seconds(std::int64_t{app.config.session_absolute_hours} * 3600),
                  .person = verified.id};
    const bool added = app.sessions.add({.token_hash = hash_of(ticket.token),
                                         .person = verified.id,
                                         .kind = kind,
                                         .csrf = ticket.csrf,
                                         .label = label,
                                         .created_at = now,
                                         .seen_at = now,
                                         .expires_at = ticket.expires_at,
                                         .password_version = verified.password_version});
    return added ? std::optional(std::move(ticket)) : std::nullopt;
}

Attempt attempt(App& app, const std::string& login, const std::string& password, const std::string& kind,
                const std::string& label, const std::string& address) {
    static_cast<void>(address); // stands in the access log of the request
    const auto person = login.size() <= login_bytes_max ? app.people.by_login(counted_name(login)) : std::nullopt;
    const auto checked = check(app, login, person, password);
    if (checked.good) return {.ticket = open(app, *person, kind, label)};
    return {.ticket = {}, .locked = checked.locked, .retry_after_seconds = checked.retry_after_seconds};
}

bool idle_too_long(const App& app, const db::Session& session) {
    const auto idle_seconds = std::int64_t{app.config.session_idle_minutes} * 60;
    return session.kind == "browser" && session.seen_at.plus_seconds(idle_seconds) <= app.clock.now();
}

std::string account_named(App& app, const std::string& login) {
    const auto person = login.size() <= login_bytes_max ? app.people.by_login(counted_name(login)) : std::nullopt;
    return person ? person->login : "?";
}

std::optional<std::pair<db::Session, db::Person>> recognise(App& app, const std::string& token) {
    if (token.size() != token_length) return std::nullopt;
    auto found = app.sessions.find(hash_of(token));
    if (!found) return std::nullopt;
    const auto& session = found->first;
    if (idle_too_long(app, session)) {
        app.sessions.end(session.token_hash);
        return std::nullopt;
    }
    app.sessions.touch(session, app.clock.now());
    return found;
}

} // namespace cunmai::sign_in
