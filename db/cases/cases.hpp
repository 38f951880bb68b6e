// Reading cases: lists, worklist, history. Every question takes a Viewer; what the viewer may not see does not exist.
#pragma once

#include "db/kernel/database.hpp"
#include "engine/authority.hpp"

namespace cunmai::db {

struct CaseFilter {
    std::string definition, state, place_code /* that place and below */, category, colour, text, batch, parent;
    std::string due_before, due_after; // civil dates, both included
    std::string role;                  // cases that wait for this role (have a work item for it)
    std::string involved;              // person id: cases in which they hold a post or responsibility
    bool open_only = false, final_only = false;
    // updated, opened, due, title, place; with "-" before it descending. Others throw std::invalid_argument.
    std::string sort = "-updated";
    int limit = 20;     // 1..100
    std::string cursor; // from the page before; opaque
};

struct CasePage {
    std::vector<engine::CaseRow> rows;
    std::string next_cursor; // empty at the end
    std::int64_t total = 0;  // exact, all pages
};

struct WorkItem {
    engine::CaseId case_id;
    std::string definition, state, command, role, qualifier, due_on;
    engine::PersonId person;       // meant for this person only
    engine::PersonId claimed_by;   // the person who took the task; others may still act
    engine::PersonId on_behalf_of; // the viewer would act as delegate of this person
    std::string title, category, colour, place_code, place_name;
    std::int64_t case_version = 0;
    engine::Instant since;
};

struct WorkCounts {
    std::int64_t todo = 0, due_in_3_days = 0, overdue = 0, claimed = 0, done = 0, started = 0;
};

struct WorkFilter {
    std::string box = "todo"; // todo 待办, done 已办 (cases I acted on), started 我发起 (cases I opened), watching 抄送
    std::string role, definition, text, due; // due: "", "overdue", "soon"
    int limit = 20;
    std::string cursor;
};

struct WorkPage {
    std::vector<WorkItem> items;
    std::string next_cursor;
    std::int64_t total = 0;
};

struct RefusedRow {
    engine::Refused refused;
    std::string id;
};

struct Move {             // from one state of a case to another
    std::int64_t seq = 0; // of its event
    engine::Instant at;
    std::string from, to;
};

struct RoundProgress { // of one town (or the district) in one round
    std::string place_code, place_name, state;
    std::int64_t count = 0;
};

class Cases {
  public:
    explicit Cases(Database& database) : database_(database) {}

    std::optional<engine::CaseRow> find(const engine::Viewer& viewer, const engine::CaseId& id);
    CasePage list(const engine::Viewer& viewer, const CaseFilter& filter); // throws BadCursor
    std::vector<engine::Event> history(const engine::Viewer& viewer, const engine::CaseId& id, std::int64_t after_seq,
                                       int limit);
    // The last `limit` events up to `upto_seq`, ordered by seq.
    std::vector<engine::Event> newest(const engine::Viewer& viewer, const engine::CaseId& id, std::int64_t upto_seq,
                                      int limit);
    std::vector<Move> moves(const engine::Viewer& viewer, const engine::CaseId& id); // all moves, ordered by seq
    // Newest first. Attempts of people who have no business with the place: for its auditor only.
    std::vector<RefusedRow> refusals(const engine::Viewer& viewer, const engine::CaseId& id, int limit);
    // Refused attempts to open a case at a place that the viewer audits, newest first. With `before` only those older
    // than the attempt with that id.
    std::vector<RefusedRow> refused_openings(const engine::Viewer& viewer, const std::string& before, int limit);
    std::map<std::string, std::int64_t> count_by_state(const engine::Viewer& viewer, std::string_view definition,
                                                       std::string_view place_code);

    WorkPage worklist(const engine::Viewer& viewer, const WorkFilter& filter, std::string_view today);
    WorkCounts counts(const engine::Viewer& viewer, std::string_view today);
    // Without a viewer, for pages that watch cases which they were allowed to show. Unknown ids are left out.
    std::map<engine::CaseId, std::int64_t> versions(const std::vector<engine::CaseId>& ids);

    // Takes the tasks of that command, or gives them back. Returns false when the viewer may do so with none of them.
    bool claim(const engine::Viewer& viewer, const engine::CaseId& id, std::string_view command, bool take);

    std::vector<RoundProgress> round_progress(const engine::Viewer& viewer, std::string_view batch); // town × state

    // For verify: every case id, in order, resumable; then rows and events without a viewer. A row whose facts are not
    // even JSON throws std::runtime_error.
    std::vector<engine::CaseId> all_ids(std::string_view after, int limit);
    std::optional<engine::CaseRow> row(const engine::CaseId& id);
    std::vector<engine::Event> events(const engine::CaseId& id); // ordered by seq, as stored
    // Open cases in an older version of the definition than this one, ordered by id.
    std::vector<engine::CaseId> open_in_older_version(std::string_view definition, int version, std::string_view after,
                                                      int limit);
    std::vector<engine::CaseId> ids_with_events_but_no_row(int limit);
    std::vector<engine::CaseId> ids_with_wrong_slot(int limit); // the column that keeps one open case per place

  private:
    Database& database_;
};

class BadCursor : public std::runtime_error {
  public:
    BadCursor() : std::runtime_error("bad cursor") {}
};

} // namespace cunmai::db
