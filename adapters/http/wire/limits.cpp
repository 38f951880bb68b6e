#include "adapters/http/wire/limits.hpp"

#include <sstream>

namespace cunmai::http {

ServerLimits limits_of(const Config& config) {
    using std::chrono::seconds;
    ServerLimits limits;
    limits.connections_max = config.connections_max;
    limits.connections_per_address_max = config.connections_per_address_max;
    std::istringstream proxies(config.proxies);
    for (std::string address; proxies >> address;) limits.proxies.insert(address);
    limits.queue_max = config.queue_max;
    limits.idle = seconds(config.idle_seconds);
    limits.head = seconds(config.header_seconds);
    limits.body = seconds(config.body_seconds);
    limits.answer = seconds(config.answer_seconds);
    limits.live.streams_max = config.live_max;
    limits.live.streams_per_person_max = config.live_per_person_max;
    return limits;
}

std::int64_t form_files_bytes_max(const Config& config) { return 3 * config.upload_max_bytes; }

} // namespace cunmai::http
