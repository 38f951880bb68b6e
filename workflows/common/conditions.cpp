#include "workflows/common/conditions.hpp"

#include "workflows/roles.hpp"

#include <algorithm>

namespace cunmai::workflows {

namespace {

bool check_kind(const engine::Ask& ask, engine::Refusal& why, std::initializer_list<std::string_view> other_roles) {
    const auto kinds = coordinator_kinds_of(ask.facts);
    const bool fits =
        std::any_of(other_roles.begin(), other_roles.end(), [&](auto role) { return ask.has_role(role); }) ||
        std::any_of(kinds.begin(), kinds.end(),
                    [&](const auto& kind) { return ask.has_qualifier(VillageCoordinator::key, kind); });
    if (!fits) why.add("coordinator_of_another_kind");
    return why.empty();
}

} // namespace

bool PlaceIsVillage::holds(const engine::Ask& ask, engine::Refusal& why) {
    if (ask.place.level != "village") why.add("not_a_village", {{"place", ask.place.name}});
    return why.empty();
}

bool PlaceIsDistrict::holds(const engine::Ask& ask, engine::Refusal& why) {
    if (ask.place.level != "district") why.add("not_a_district", {{"place", ask.place.name}});
    return why.empty();
}

bool IssuerFits::holds(const engine::Ask& ask, engine::Refusal& why) {
    return check_kind(ask, why, {TownSupervisor::key, PanelLeader::key});
}

bool CoordinatorFits::holds(const engine::Ask& ask, engine::Refusal& why) { return check_kind(ask, why, {}); }

bool CheckerFits::holds(const engine::Ask& ask, engine::Refusal& why) {
    return check_kind(ask, why, {TownSupervisor::key});
}

bool DocumentsExist::holds(const engine::Ask& ask, engine::Refusal& why) {
    for (const auto& field : needs::get<MissingDocuments>(ask))
        why.add_for(field.get<std::string>(), "document_unknown", {{"field", field}});
    return why.empty();
}

} // namespace cunmai::workflows
