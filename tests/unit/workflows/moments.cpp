#include "tests/unit/workflows/moments.hpp"

namespace cunmai::workflows::test {

std::vector<Moment> Moments::play() {
    std::vector<Moment> all;
    std::set<std::string> met;
    auto& store = district_->store;
    store.after_commit = [&] {
        for (const auto& [id, row] : store.memory.rows) {
            auto shape = row.definition + " " + row.state;
            for (const auto& [key, value] : row.facts.items())
                if (!value.empty()) shape += " " + key;
            if (!met.insert(shape).second) continue;
            auto kept = store.memory;
            kept.events.clear(), kept.replies.clear(), kept.refused.clear(), kept.notices.clear(), kept.posted.clear();
            const auto parent = row.parent;
            std::erase_if(kept.rows, [&](const auto& one) { // cases that ended, but for its own
                return one.second.final && one.first != id && one.first != parent;
            });
            all.push_back({id, district_->clock.now(), std::make_shared<cunmai::test::Memory>(std::move(kept))});
        }
    };
    everything();
    store.after_commit = {};
    return all;
}

void Moments::go_to(const Moment& moment) {
    district_->store.memory = *moment.memory;
    district_->clock.set(moment.at);
}

Outcome Moments::give(const Moment& moment, const std::string& command, const std::string& person,
                      const std::string& principal, const Json& given) {
    const auto payload = district_->sample(moment.id, command, given);
    const auto outcome = district_->give(moment.id, command, payload, person, principal);
    district_->store.memory = *moment.memory;
    return outcome;
}

} // namespace cunmai::workflows::test
