#include "workflows/common/conditions.hpp"

namespace cunmai::workflows {

bool PlaceIsVillage::holds(const engine::Ask& ask, engine::Refusal& why) {
    if (ask.place.level != "village") why.add("not_a_village", {{"place", ask.place.name}});
    return why.empty();
}

bool PlaceIsDistrict::holds(const engine::Ask& ask, engine::Refusal& why) {
    if (ask.place.level != "district") why.add("not_a_district", {{"place", ask.place.name}});
    return why.empty();
}

bool DocumentsExist::holds(const engine::Ask& ask, engine::Refusal& why) {
    for (const auto& field : ask.context.value("documents_missing", Json::array()))
        why.add_for(field.get<std::string>(), "document_unknown", {{"field", field}});
    return why.empty();
}

} // namespace cunmai::workflows
