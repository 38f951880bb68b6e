#include "adapters/telemetry/log.hpp"

#include "engine/time.hpp"

#include <unistd.h>

#include <mutex>

namespace cunmai::log {

namespace {

struct State {
    std::mutex mutex;
    std::function<void(const std::string&)> sink;
};

State& state() {
    static State one;
    return one;
}

void to_stderr(const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
        const auto written = ::write(STDERR_FILENO, text.data() + sent, text.size() - sent);
        if (written <= 0) return; // nobody reads: a log must not stop the work
        sent += static_cast<std::size_t>(written);
    }
}

} // namespace

void write(std::string_view level, std::string_view event, Json facts) {
    try {
        if (!facts.is_object()) facts = {{"facts", std::move(facts)}};
        facts["at"] = engine::to_iso(engine::SystemClock().now());
        facts["level"] = level;
        facts["event"] = event;
        // ASCII only: control characters, ANSI sequences and line breaks come out as \u escapes.
        const auto text = facts.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
        std::lock_guard lock(state().mutex);
        if (state().sink)
            state().sink(text);
        else
            to_stderr(text);
    } catch (...) { // out of memory, or a sink that throws: the request goes on
    }
}

void send_to(std::function<void(const std::string&)> sink) {
    std::lock_guard lock(state().mutex);
    state().sink = std::move(sink);
}

} // namespace cunmai::log
