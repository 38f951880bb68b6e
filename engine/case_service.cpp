#include "engine/case_service.hpp"

#include "engine/execution.hpp"

namespace cunmai::engine {

namespace {

constexpr int races_max = 20;
constexpr int unknown_commits_max = 3;

} // namespace

CaseService::CaseService(Store& store, const Registry& registry, const Roles& roles, const Clock& clock,
                         std::string secret)
    : store_(store), registry_(registry), roles_(roles), clock_(clock), secret_(std::move(secret)) {}

// Runs the work until it wins its race. Each lost race means that another command was committed.
Outcome CaseService::win_race(const Expected& expected, const std::function<Outcome(Transaction&)>& work) {
    for (int race = 0;; ++race) {
        try {
            Outcome outcome;
            store_.write_expecting(expected, [&](Transaction& tx) { outcome = work(tx); });
            return outcome;
        } catch (const LostRace&) {
            ran_again("lost_race");
            if (race + 1 == races_max) throw StoreUnavailable("too many commands on the same case");
        }
    }
}

// A command begins by looking up its key, so running it again tells what became of it. If it was kept, the first
// outcome is returned. If it was not kept, or is still under way on a server that is gone, it runs now: the key is
// unique, so only one of the two can commit.
Outcome CaseService::execute(const CommandRequest& request) {
    bool unknown = false;
    for (int commit = 1;; ++commit) {
        try {
            auto outcome = execute_once(request);
            if (unknown) ran_again("unknown_commit");
            return outcome;
        } catch (const StoreUnavailable& fault) {
            unknown = unknown || fault.outcome_unknown;
            if (!unknown) throw;
            const bool can_ask = fault.outcome_unknown && !request.idempotency_key.empty();
            if (!can_ask || commit == unknown_commits_max) throw StoreUnavailable(fault.what(), true);
        }
    }
}

Outcome CaseService::execute_once(const CommandRequest& request) {
    const auto hash = request.idempotency_key.empty() ? std::string() : body_hash(request, secret_);
    const auto deciding = [&](auto decide) {
        return [this, &request, &hash, decide](Transaction& tx) {
            const Environment environment{registry_, roles_, clock_.now(), secret_};
            Execution execution(tx, environment, hash);
            auto outcome = decide(execution);
            if (request.beside) request.beside(tx, outcome);
            return outcome;
        };
    };
    const Expected expected{request.case_id.empty() ? request.place_code : request.case_id.text, request.case_id,
                            request.actor, request.idempotency_key};
    try {
        return win_race(expected, deciding([&](Execution& execution) { return execution.run(request); }));
    } catch (const AlreadyOpen&) {
        // Meanwhile a case was opened for the place: by this very command, whose reply is then found, or by another.
        return win_race(expected, deciding([&](Execution& execution) { return execution.already_open(request); }));
    }
}

Outcome CaseService::fire(const CaseId& case_id, const std::string& timer_key, const std::string& command) {
    return win_race({case_id.text, case_id, {}, {}}, [&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        return Execution(tx, environment).fire(case_id, timer_key, command);
    });
}

Outcome CaseService::migrate(const CaseId& id, bool only_look) {
    Outcome outcome;
    const auto work = [&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        outcome = Execution(tx, environment).migrate(id, only_look);
        return outcome;
    };
    if (!only_look) return win_race({id.text, id, {}, {}}, work);
    store_.read(work);
    return outcome;
}

std::size_t CaseService::fire_all(const std::vector<Firing>& due,
                                  const std::function<void(const Firing&, const std::exception&)>& failed) {
    std::size_t wanted = 0;
    const auto count = [&](const Outcome& outcome) { wanted += outcome.kind == Outcome::Kind::accepted; };
    if (due.empty()) return wanted;
    try {
        store_.write([&](Transaction& tx) {
            wanted = 0;
            const Environment environment{registry_, roles_, clock_.now(), secret_};
            for (const auto& one : due) count(Execution(tx, environment).fire(one.case_id, one.timer_key, one.command));
        });
    } catch (const std::exception&) { // one timer failed or a race was lost: fired alone, the faulty timer fails again
        wanted = 0;
        for (const auto& one : due) {
            try {
                count(fire(one.case_id, one.timer_key, one.command));
            } catch (const std::exception& error) { failed(one, error); }
        }
    }
    return wanted;
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
                                               const PersonId& person, const PersonId& on_behalf_of) {
    std::vector<Offer> result;
    store_.read([&](Transaction& tx) {
        const Environment environment{registry_, roles_, clock_.now(), secret_};
        Execution execution(tx, environment);
        const auto place = tx.place(place_code);
        if (!place || !viewer_of(tx, roles_, person, environment.now).sees(place->path)) return;
        if (const auto subject = execution.new_subject(registry_.newest(definition), *place))
            result = execution.offers(*subject, person, on_behalf_of);
    });
    return result;
}

} // namespace cunmai::engine
