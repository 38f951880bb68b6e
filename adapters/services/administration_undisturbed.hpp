// What is asked and then written must not be overtaken by another administrator, on this server or another: two who
// take each other's last grant at once, say. Work that was overtaken is done again, from its first question. Used by
// administration*.cpp only.
#pragma once

#include "adapters/services/administration.hpp"

namespace cunmai::administration {

// `work` is given the state of people, grants, delegations and rules that it writes on.
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
