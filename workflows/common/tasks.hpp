// Lines of a worklist, timers, and commands to other cases. Commands, roles and states are named by their types, so
// that a misspelt key does not compile.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows {

template <class Command, class Role> engine::Task task(std::string due_on = {}, std::string qualifier = {}) {
    return {std::string(Command::key), std::string(Role::key), std::move(qualifier), {}, std::move(due_on)};
}
template <class Command> engine::Task task_of(std::string person, std::string due_on = {}) {
    return {std::string(Command::key), "", "", {std::move(person)}, std::move(due_on)};
}

// A case wants at most one timer for each command, so the command's key is the timer's key.
template <class Command> engine::Timer timer(engine::Instant due_at) {
    return {std::string(Command::key), due_at, std::string(Command::key)};
}

template <class Command> engine::Tell tell(std::string case_id, Json payload = Json::object()) {
    return {{std::move(case_id)}, std::string(Command::key), std::move(payload)};
}

template <class... States> bool is_in(std::string_view state) { return ((state == States::key) || ...); }

} // namespace cunmai::workflows
