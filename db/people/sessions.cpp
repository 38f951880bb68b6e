// Sign-in sessions, and the failures that lead to a lockout.
#include "db/kernel/database_impl.hpp"
#include "db/kernel/new_id.hpp"
#include "db/people/people_state.hpp"
#include "db/service/service_tables.hpp"

#include <algorithm>

namespace cunmai::db {

namespace {

constexpr std::int64_t touch_every_seconds = 60;

Outs outs_of(Session& s) {
    return {s.token_hash, s.person, s.kind, s.csrf, s.label, s.created_at, s.seen_at, s.expires_at, s.password_version};
}

std::string lower(std::string_view login) {
    std::string text(login.substr(0, 255));
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

} // namespace

bool Sessions::add(const Session& session) {
    bool added = false;
    database_.impl().write([&](Connection& connection) {
        added = connection.run("service.add_session", {{"token_hash", session.token_hash},
                                                       {"person", session.person},
                                                       {"kind", session.kind},
                                                       {"csrf", session.csrf},
                                                       {"label", session.label},
                                                       {"created_at", session.created_at},
                                                       {"seen_at", session.seen_at},
                                                       {"expires_at", session.expires_at},
                                                       {"password_version", session.password_version}}) == 1;
    });
    return added;
}

// Each request begins here: the session and its person by one read.
std::optional<std::pair<Session, Person>> Sessions::find(std::string_view token_hash) {
    using Found = std::optional<std::pair<Session, Person>>;
    return database_.impl().reading<Found>([&](Connection& connection) -> Found {
        std::pair<Session, Person> found;
        auto outs = outs_of(found.first);
        for (const auto& out : person_outs(found.second)) outs.push_back(out);
        const Params params{{"token_hash", token_hash}, {"now", database_.clock().now()}};
        if (!connection.first("service.find_session", params, outs)) return std::nullopt;
        return found;
    });
}

void Sessions::touch(const Session& found, engine::Instant at) {
    const auto before = at.plus_seconds(-touch_every_seconds);
    if (found.seen_at > before) return;
    database_.impl().write([&](Connection& connection) {
        connection.run("service.touch_session", {{"token_hash", found.token_hash}, {"at", at}, {"before", before}});
    });
}

void Sessions::end(std::string_view token_hash) {
    database_.impl().write([&](Connection& connection) {
        connection.run("service.end_session", {{"token_hash", token_hash}});
    });
}

void Sessions::end_all_of(const engine::PersonId& person) {
    database_.impl().write([&](Connection& connection) {
        connection.run("service.end_sessions_of", {{"person", person}});
    });
}

std::vector<Session> Sessions::of(const engine::PersonId& person) {
    return database_.impl().reading<std::vector<Session>>([&](Connection& connection) {
        return connection.all<Session>("service.sessions_of", {{"person", person}, {"now", database_.clock().now()}},
                                       outs_of);
    });
}

int Sessions::failures(std::string_view login, engine::Instant since) {
    return database_.impl().reading<int>([&](Connection& connection) {
        int count = 0;
        connection.first("service.count_failures", {{"login", lower(login)}, {"since", since}}, {count});
        return count;
    });
}

void Sessions::failed(std::string_view login, engine::Instant at) {
    database_.impl().write([&](Connection& connection) {
        connection.run("service.add_failure", {{"id", new_id(at)}, {"login", lower(login)}, {"at", at}});
    });
}

void Sessions::succeeded(std::string_view login) {
    database_.impl().write([&](Connection& connection) {
        connection.run("service.forget_failures", {{"login", lower(login)}});
    });
}

} // namespace cunmai::db
