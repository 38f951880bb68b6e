#include "tests/unit/workflows/moments.hpp"

namespace cunmai::workflows::test {

namespace {

using cunmai::test::Memory;

std::shared_ptr<const Memory> without_the_past(const Memory& memory) {
    Memory kept;
    kept.rows = memory.rows;
    kept.tasks = memory.tasks;
    kept.timers = memory.timers;
    kept.boxes = memory.boxes;
    kept.places = memory.places;
    kept.grants = memory.grants;
    kept.delegations = memory.delegations;
    kept.interests = memory.interests;
    kept.ended_interests = memory.ended_interests;
    kept.rules = memory.rules;
    kept.documents = memory.documents;
    kept.next_id = memory.next_id;
    return std::make_shared<const Memory>(std::move(kept));
}

} // namespace

std::vector<Moment> Moments::play() {
    std::vector<Moment> all;
    std::set<std::string> met;
    auto& store = district_->store;
    auto before = without_the_past(store.memory);
    store.after_commit = [&] {
        const auto now = without_the_past(store.memory);
        for (const auto& [id, row] : store.memory.rows) {
            const auto was = before->rows.find(id);
            if (was != before->rows.end() && was->second.version != row.version) {
                const auto& event = store.memory.events.at(id).back();
                if (met.insert(row.definition + " " + event.from + " > " + event.command).second)
                    all.push_back({id, district_->clock.now(), before, event.command});
            }
            auto shape = row.definition + " " + row.state;
            for (const auto& [key, value] : row.facts.items())
                if (!value.empty()) shape += " " + key;
            if (met.insert(shape).second) all.push_back({id, district_->clock.now(), now, ""});
        }
        before = now;
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
