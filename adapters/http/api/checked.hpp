// Before a handler runs, its request is held against its own description: unknown, repeated or malformed parameters,
// missing headers, wrong content type, a body that its schema does not allow. A handler may rely on all of it.
#pragma once

#include "adapters/http/api/describe.hpp"

namespace cunmai::http::api {

// REQUIRES: `doc` lives as long as the handler (it is copied in).
Handler checked(Endpoint endpoint);

// Schemas that descriptions refer to by name; without those of commands, which come from the definitions.
const Json& components();

} // namespace cunmai::http::api
