#include "workflows/all.hpp"

#include "workflows/committee_meeting/committee_meeting.hpp"
#include "workflows/prescription/prescription.hpp"
#include "workflows/screening_round/screening_round.hpp"
#include "workflows/village_lifecycle/village_lifecycle.hpp"

namespace cunmai::workflows {

namespace {

std::vector<Guest>& hosted() {
    static std::vector<Guest> all;
    return all;
}

} // namespace

void host(Guest guest) { hosted().push_back(std::move(guest)); }
const std::vector<Guest>& guests() { return hosted(); }

void add_all(engine::Registry& registry) {
    registry.add(village_lifecycle_v1());
    registry.add(village_lifecycle_v2());
    registry.add(prescription_workflow());
    registry.add(committee_meeting_workflow());
    registry.add(screening_round_workflow());
    for (const auto& guest : guests()) registry.add(guest.workflow());
}

} // namespace cunmai::workflows
