// Every change of administration leaves a row: who, what, of whom. Used by administration*.cpp only.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::administration {

inline engine::PersonId actor(const engine::PersonId& by) { return by.empty() ? engine::PersonId{"cli"} : by; }

inline void log(App& app, const engine::PersonId& by, std::string what, Json details) {
    app.admin_log.add({app.clock.now(), actor(by), std::move(what), std::move(details)});
}

} // namespace cunmai::administration
