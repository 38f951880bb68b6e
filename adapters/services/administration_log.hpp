// How a change of administration stands in its log: who, what, of whom. It is kept in the transaction of the change.
// Used by administration*.cpp only.
#pragma once

#include "adapters/services/app.hpp"

namespace cunmai::administration {

inline engine::PersonId actor(const engine::PersonId& by) { return by.empty() ? engine::PersonId{"cli"} : by; }

inline db::Deed deed(const engine::PersonId& by, std::string what, Json details) {
    return {actor(by), std::move(what), std::move(details)};
}

} // namespace cunmai::administration
