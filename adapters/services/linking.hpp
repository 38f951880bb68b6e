// Documents that a command names: they must be readable by the person who names them (so that a hash, once seen, opens
// nothing), and with the command they belong to the case.
#pragma once

#include "adapters/http/api/describe.hpp"

namespace cunmai::http::api {

// As they uploaded it themselves, else as a case that they see has it; nullopt when they may not read it.
std::optional<db::DocumentInfo> readable(App& app, const Officer& officer, const std::string& sha256);

// Fills in command.documents, and objects to what may not be named.
void check_documents(App& app, const Request& request, const engine::DefinitionInfo& info,
                     engine::CommandRequest& command);

} // namespace cunmai::http::api
