// Conditions that more than one workflow asks.
#pragma once

#include "workflows/common/needs.hpp"

namespace cunmai::workflows {

struct PlaceIsVillage : engine::Condition {
    static constexpr std::string_view key = "place_is_village";
    static bool holds(const engine::Ask& ask, engine::Refusal& why);
};
struct PlaceIsDistrict : engine::Condition {
    static constexpr std::string_view key = "place_is_district";
    static bool holds(const engine::Ask& ask, engine::Refusal& why);
};
// A coordinator's kind must be that of one of the village's categories (domain.md §1). A person who may give the
// command by another role passes without a kind.
struct IssuerFits : engine::Condition {
    static constexpr std::string_view key = "issuer_fits";
    static bool holds(const engine::Ask& ask, engine::Refusal& why);
};
struct CoordinatorFits : engine::Condition {
    static constexpr std::string_view key = "coordinator_fits";
    static bool holds(const engine::Ask& ask, engine::Refusal& why);
};
struct CheckerFits : engine::Condition {
    static constexpr std::string_view key = "checker_fits";
    static bool holds(const engine::Ask& ask, engine::Refusal& why);
};
// Every document that the command names was uploaded before.
struct DocumentsExist : engine::InputCondition {
    static constexpr std::string_view key = "documents_exist";
    using needs = engine::Needs<MissingDocuments>;
    static bool holds(const engine::Ask& ask, engine::Refusal& why);
};

} // namespace cunmai::workflows
