-- 0002_cases.sql
-- Why: Cases, their record, and what follows from it: worklists, timers, notices. Times are UTC microseconds; nothing is NULL but cases.open_slot.
-- Released files are never edited; correct with the next one.

-- A cache: the fold of each case's events. open_slot: "definition:place" while a case is open of which a place may have one; else NULL.
CREATE TABLE cases (
    id TEXT NOT NULL,
    definition TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    place_name TEXT NOT NULL,
    place_parent TEXT NOT NULL,
    place_level TEXT NOT NULL,
    place_path TEXT NOT NULL,
    parent TEXT NOT NULL,
    batch TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    due_on TEXT NOT NULL, -- 9999-12-31: none, so that it sorts last
    colour TEXT NOT NULL,
    is_final INTEGER NOT NULL,
    one_open_per_place INTEGER NOT NULL,
    open_slot TEXT,
    facts TEXT NOT NULL,
    head_hash TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (open_slot)
);
CREATE INDEX cases_by_place ON cases (place_path);
CREATE INDEX cases_by_definition ON cases (definition, place_path, state);
CREATE INDEX cases_by_parent ON cases (parent, is_final);
CREATE INDEX cases_by_batch ON cases (batch, place_path);
CREATE INDEX cases_by_update ON cases (updated_at, id);
CREATE INDEX cases_by_place_code ON cases (place_code);

-- The record (engine/event.hpp). Append-only.
CREATE TABLE case_events (
    case_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    definition TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    command TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    payload TEXT NOT NULL,
    context TEXT NOT NULL,
    changes TEXT NOT NULL,
    request_id TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE INDEX case_events_by_actor ON case_events (actor, case_id, seq, at);

CREATE TABLE work_items (
    case_id TEXT NOT NULL,
    n INTEGER NOT NULL, -- slot within the case
    addressee TEXT NOT NULL, -- "role/…" or "person/…": one index serves both
    place_path TEXT NOT NULL,
    command TEXT NOT NULL,
    role TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    person TEXT NOT NULL,
    due_on TEXT NOT NULL, -- 9999-12-31: none
    claimed_by TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (case_id, n)
);
CREATE INDEX work_items_by_addressee ON work_items (addressee, place_path, qualifier, due_on, claimed_by);

CREATE TABLE timers (
    case_id TEXT NOT NULL,
    timer_key TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    command TEXT NOT NULL,
    leased_until INTEGER NOT NULL,
    lease TEXT NOT NULL,
    PRIMARY KEY (case_id, timer_key)
);
CREATE INDEX timers_by_due ON timers (due_at);

CREATE TABLE involved (
    case_id TEXT NOT NULL,
    person TEXT NOT NULL,
    involved_as TEXT NOT NULL,
    PRIMARY KEY (case_id, person, involved_as)
);
CREATE INDEX involved_by_person ON involved (person, case_id);

CREATE TABLE outbox (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    place_path TEXT NOT NULL,
    place_name TEXT NOT NULL,
    topic TEXT NOT NULL,
    roles TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    people TEXT NOT NULL,
    params TEXT NOT NULL,
    state TEXT NOT NULL, -- waiting, done, dead
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease TEXT NOT NULL,
    last_error TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_by_state ON outbox (state, next_at);

-- Idempotency: the reply to each accepted command.
CREATE TABLE command_keys (
    actor TEXT NOT NULL,
    command_key TEXT NOT NULL,
    case_id TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (actor, command_key)
);

-- Commands that were refused. Append-only.
CREATE TABLE refusals (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    definition TEXT NOT NULL,
    place_path TEXT NOT NULL,
    command TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    reasons TEXT NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX refusals_by_case ON refusals (case_id, id);

-- Secret votes while their ballot is open; sealed under the server's secret, emptied when it closes.
CREATE TABLE ballot_box (
    case_id TEXT NOT NULL,
    box TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (case_id, box, person)
);

CREATE TABLE definitions (
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (definition, version)
);
