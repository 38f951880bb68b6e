// Fields that several commands of several workflows ask for, so that they look alike everywhere.
#pragma once

#include "engine/definition.hpp"
#include "workflows/roles.hpp"

namespace cunmai::workflows {

inline engine::Field reason() { return engine::Field::text("reason"); }
inline engine::Field evidence() { return engine::Field::of(engine::FieldType::documents, "evidence"); }

inline engine::Field short_text(std::string key, int characters) {
    auto field = engine::Field::text(std::move(key));
    field.length_max = characters;
    return field;
}

// What a prescription carries (domain.md §4). Only the problem is asked for at once; issuing asks for the rest.
inline engine::Fields prescription_fields() {
    using engine::Field;
    using engine::FieldType;
    return {short_text("problem", 1000),
            short_text("root_cause", 1000).optional(),
            short_text("task", 1000).optional(),
            short_text("measures", 2000).optional(),
            Field::of(FieldType::person, "responsible_person").optional(),
            Field::choice("supporting_department", departments()).optional(),
            Field::date("deadline_on").optional(),
            short_text("acceptance_criterion", 1000).optional(),
            Field::number("funds_requested", FieldType::decimal, 0, 1e10).optional(),
            Field::choice("system", {"target", "work", "policy", "evaluation"}).optional(),
            Field::line("source").optional()};
}

} // namespace cunmai::workflows
