// The only way in which pages, API, exports and mail read cases. What it returns is cut to what this person may read
// now, by the rule of the case's own workflow (engine::Definition::disclose). Callers need not know that there is such
// a rule. No HTTP here, and no language.
//
// The result of one call is of one moment. Several calls inside a db::Snapshot are of one moment, too.
#pragma once

#include "adapters/services/app.hpp"
#include "adapters/services/record_check.hpp"

#include <limits>

namespace cunmai {

// An event as this person may read it. When something is withheld, `payload`, `context` and `changes` have only the
// rest, so its bytes are not those that were hashed. It has no request_id then: from the hash and everything but a
// vote, the vote could be found by trying each choice.
struct ReadableEvent : engine::Event {
    std::string withheld; // why something is: a message withheld.<why>; empty when nothing is
};

struct CaseFile : engine::CaseAndOffers {
    std::vector<ReadableEvent> events; // ordered by seq
    RecordCheck record;
};

struct EventPage {
    std::vector<ReadableEvent> events; // ordered by seq
    std::optional<std::int64_t> next_after_seq;
};

struct Wanted { // what shall be read of a case
    bool offers = false;
    engine::PersonId on_behalf_of{};                                  // for the offers
    int events = 0;                                                   // at most so many of the newest …
    std::int64_t upto_seq = std::numeric_limits<std::int64_t>::max(); // … up to this one
    int checked = 0;                                                  // at most so many events are checked
};

class Reading {
  public:
    Reading(App& app, const engine::Viewer& viewer) : app_(app), viewer_(viewer) {}

    std::optional<CaseFile> file(const engine::CaseId& id, const Wanted& wanted);
    // The case as it stood after this event, made from its events: what whoever acted next had before them. Without
    // offers. What is withheld now is withheld there, too. Nullopt also when there is no such event. Throws
    // engine::DamagedEvent.
    std::optional<CaseFile> as_of(const engine::CaseId& id, std::int64_t seq, const Wanted& wanted);
    std::optional<engine::CaseRow> find(const engine::CaseId& id);
    std::optional<engine::CaseAndOffers> offers(const engine::CaseId& id, const engine::PersonId& on_behalf_of);
    db::CasePage list(const db::CaseFilter& filter);                                // throws db::BadCursor
    std::vector<engine::CaseRow> children(const engine::CaseId& parent, int limit); // nearest deadline first
    EventPage history(const engine::CaseId& id, std::int64_t after_seq, int limit);
    std::vector<ReadableEvent> newest(const engine::CaseId& id, int limit); // ordered by seq
    std::vector<db::Move> moves(const engine::CaseId& id);
    std::vector<db::RefusedRow> refusals(const engine::CaseId& id, int limit); // newest first
    std::vector<db::RefusedRow> refused_openings(const std::string& before, int limit);
    std::vector<db::DocumentInfo> documents(const engine::CaseId& id);
    std::map<std::string, std::string> numbers(const std::vector<engine::CaseRow>& rows); // by id

    // Counts and work items. They have nothing that a workflow withholds.
    db::WorkPage worklist(const db::WorkFilter& filter);
    db::WorkCounts work_counts();
    std::map<std::string, std::int64_t> count_by_state(std::string_view definition, std::string_view place_code);
    std::vector<db::RoundProgress> round_progress(std::string_view batch);

  private:
    class Cut;

    void withhold_facts(engine::CaseRow& row) const;
    RecordCheck check(const engine::CaseRow& row, const std::vector<engine::Event>& newest, int checked) const;
    template <class T, class Read> std::vector<T> of_case(const engine::CaseId& id, Read read);

    App& app_;
    const engine::Viewer& viewer_;
};

} // namespace cunmai
