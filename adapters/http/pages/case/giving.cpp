#include "adapters/http/pages/case/giving.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace cunmai::http::pages {

namespace {

// Whether the text may be the key of a command or the id of a person. Only such attempts are kept, no other text.
bool is_plain(const std::string& key) {
    constexpr std::size_t length_max = 64;
    return key.size() <= length_max && std::all_of(key.begin(), key.end(), [](unsigned char byte) {
               return std::isalnum(byte) || byte == '_' || byte == '-' || byte == '.';
           });
}

} // namespace

Given give(App& app, const Request& request, engine::CommandRequest command) {
    using Kind = engine::Outcome::Kind;
    auto given = try_giving(app, request, std::move(command));
    if (given.outcome.kind == Kind::not_found || given.outcome.kind == Kind::unknown_command) not_found();
    return given;
}

Given try_giving(App& app, const Request& request, engine::CommandRequest command) {
    using Kind = engine::Outcome::Kind;
    Given given;
    given.outcome = execute(app, request, std::move(command), 303);
    switch (given.outcome.kind) {
    case Kind::accepted:
    case Kind::conflict:
    case Kind::not_found:
    case Kind::unknown_command: break;
    default: given.refusal = given.outcome.refusal;
    }
    return given;
}

void turn_away(App& app, const Request& request, engine::CommandRequest command) {
    if (is_plain(command.name)) execute(app, request, std::move(command), 303);
    not_found();
}

// Other text becomes "?", for whom the engine refuses everything and keeps the attempt.
engine::PersonId person_from_form(const std::string& text) { return {is_plain(text) ? text : "?"}; }

engine::CommandRequest command_from_form(const Request& request) {
    engine::CommandRequest command;
    command.idempotency_key = form_value(request, "idempotency_key");
    if (command.idempotency_key.size() < 8 || command.idempotency_key.size() > 100) command.idempotency_key = new_key();
    command.on_behalf_of = person_from_form(form_value(request, "on_behalf_of"));
    const auto version = form_value(request, "version");
    std::int64_t number = 0;
    const auto read = std::from_chars(version.data(), version.data() + version.size(), number);
    if (read.ec == std::errc() && read.ptr == version.data() + version.size()) command.expected_version = number;
    return command;
}

} // namespace cunmai::http::pages
