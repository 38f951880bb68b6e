// Version 1 of a village's life: the table of machine.hpp as it stands.
#include "workflows/village_lifecycle/machine.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

namespace cunmai::workflows {
namespace village {
namespace {

struct Version1 {
    static constexpr std::string_view key = workflow_key;
    static constexpr int version = 1;
    static constexpr bool one_open_per_place = true;
    using transition_table = VillageTable;
};

} // namespace
} // namespace village

std::unique_ptr<engine::Definition> village_lifecycle_v1() {
    return std::make_unique<village::VillageDefinition<village::Version1>>();
}

} // namespace cunmai::workflows
