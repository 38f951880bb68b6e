// For work that checks something and then writes. Between the two nobody may change people or grants, on any server:
// otherwise two administrators could, for example, take each other's last grant at the same moment. Work that was
// overtaken is repeated from its first check. Used by administration*.cpp only.
#pragma once

#include "adapters/services/administration.hpp"

namespace cunmai::administration {

// `work` gets the name of the state of people, grants, delegations and rules, and passes it to each write.
template <class Work> Result undisturbed(App& app, const Work& work) {
    constexpr int attempts_max = 20;
    for (int attempt = 1;; ++attempt) {
        try {
            return work(app.people.state());
        } catch (const db::Overtaken&) {
            if (attempt == attempts_max) throw engine::Busy("others are changing people and grants");
        }
    }
}

} // namespace cunmai::administration
