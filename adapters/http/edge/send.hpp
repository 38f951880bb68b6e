// Sends an answer. The headers that every answer carries (trust.md §5) are added here and nowhere else.
#pragma once

#include "adapters/http/edge/gateway.hpp"

namespace Poco::Net {
class HTTPServerResponse;
}

namespace cunmai::http {

// For a stream of events only the head is prepared here: Poco's stream would end the connection with the head.
void send(Poco::Net::HTTPServerResponse& wire, Answer& answer, const Config& config);
// The whole answer as bytes, with which the connection ends. For connections that have no HTTP session.
std::string as_text(Answer& answer, const Config& config);

} // namespace cunmai::http
