// Documents that a command names: they must be readable by the person who names them (so that a hash, once seen, opens
// nothing), and with the command they belong to the case.
#pragma once

#include "adapters/http/api/describe.hpp"

namespace cunmai::http::api {

bool may_read(App& app, const Officer& officer, const db::DocumentInfo& document);

// Fills in command.documents. Throws Problem 422 that names the field.
void check_documents(App& app, const Request& request, const engine::DefinitionInfo& info,
                     engine::CommandRequest& command);

} // namespace cunmai::http::api
