// The documents that a command names. The person must be allowed to read them, so that knowing a hash alone opens
// nothing. An accepted command links them to the case.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::documents {

// The document as the person uploaded it, or else as a case has it that they see; nullopt when they may not read it.
std::optional<db::DocumentInfo> readable(App& app, const engine::Viewer& viewer, const std::string& sha256);

// Fills in command.documents, and adds objections for documents that may not be named.
void check_named(App& app, const engine::Viewer& viewer, const engine::CommandInfo& info,
                 engine::CommandRequest& command);

} // namespace cunmai::documents
