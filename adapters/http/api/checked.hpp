// Checks a request against the route's own description before the handler runs: unknown, repeated or malformed
// parameters, missing headers, wrong content type, a body that the schema does not allow. Handlers may rely on it.
#pragma once

#include "adapters/http/api/describe.hpp"

namespace cunmai::http::api {

// REQUIRES: `doc` lives as long as the handler (it is copied in).
Handler checked(Endpoint endpoint);

// The schemas that descriptions refer to by name, without those of commands, which come from the definitions.
const Json& components();

} // namespace cunmai::http::api
