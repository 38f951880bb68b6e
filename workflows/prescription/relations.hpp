// Persons who are bound to a prescription by its facts.
#pragma once

#include "engine/table.hpp"

namespace cunmai::workflows::prescription {

struct ResponsiblePerson : engine::Relation {
    static constexpr std::string_view key = "responsible_person";
};
struct Issuer : engine::Relation {
    static constexpr std::string_view key = "issuer";
};

} // namespace cunmai::workflows::prescription
