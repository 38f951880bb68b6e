// An answer onto the wire. The headers that every answer carries (trust.md §5) are put here and nowhere else.
#pragma once

#include "adapters/http/edge/gateway.hpp"

namespace Poco::Net {
class HTTPServerResponse;
}

namespace cunmai::http {

// Of a stream of events only the head is prepared: Poco's stream would end the connection with the head.
void send(Poco::Net::HTTPServerResponse& wire, Answer& answer, const Config& config);
// The whole answer as it goes over the wire; the connection ends with it. For whoever has no session with the client.
std::string as_text(Answer& answer, const Config& config);

} // namespace cunmai::http
