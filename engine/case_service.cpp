#include "engine/case_service.hpp"

#include "engine/execution.hpp"

namespace cunmai::engine {

namespace {

constexpr int races_max = 20;

// Runs the work until it wins its race. Each lost race means that another command was committed.
template <class Work> Outcome win_race(Store& store, const Work& work) {
    for (int race = 0;; ++race) {
        try {
            Outcome outcome;
            store.write([&](Transaction& tx) { outcome = work(tx); });
            return outcome;
        } catch (const LostRace&) {
            if (race + 1 == races_max) throw StoreUnavailable("too many commands on the same case");
        }
    }
}

} // namespace

CaseService::CaseService(Store& store, const Registry& registry, const Roles& roles, const Clock& clock,
                         std::string secret)
    : store_(store), registry_(registry), roles_(roles), clock_(clock), secret_(std::move(secret)) {}

Outcome CaseService::execute(const CommandRequest& request) {
    const auto run = [&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        return Execution(tx, environment).run(request);
    };
    try {
        return win_race(store_, run);
    } catch (const AlreadyOpen&) {
        // The place got an open case meanwhile: by this very command (then its reply is there), or by another.
        return win_race(store_, [&](Transaction& tx) {
            const Environment environment{registry_, roles_, clock_.now(), secret_};
            return Execution(tx, environment).already_open(request);
        });
    }
}

Outcome CaseService::fire(const CaseId& case_id, const std::string& timer_key, const std::string& command) {
    return win_race(store_, [&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        return Execution(tx, environment).fire(case_id, timer_key, command);
    });
}

std::optional<CaseAndOffers> CaseService::offers(const CaseId& id, const PersonId& person,
                                                 const PersonId& on_behalf_of) {
    std::optional<CaseAndOffers> result;
    store_.read([&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        Execution execution(tx, environment);
        const auto subject = execution.find(id);
        if (!subject || !viewer_of(tx, roles_, person, environment.now).sees(subject->row.place.path)) return;
        result = CaseAndOffers{subject->row, execution.offers(*subject, person, on_behalf_of)};
    });
    return result;
}

std::vector<Offer> CaseService::opening_offers(const std::string& definition, const std::string& place_code,
                                               const PersonId& person) {
    std::vector<Offer> result;
    store_.read([&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        Execution execution(tx, environment);
        const auto place = tx.place(place_code);
        if (!place || !viewer_of(tx, roles_, person, environment.now).sees(place->path)) return;
        if (const auto subject = execution.new_subject(registry_.newest(definition), *place))
            result = execution.offers(*subject, person, {});
    });
    return result;
}

} // namespace cunmai::engine
