-- 0002_cases.sql
-- Why: Cases, their record, and what follows from it: worklists, timers, notices. Times are UTC microseconds; nothing is NULL but cases.open_slot.
-- Released files are never edited; correct with the next one.

-- A cache: the fold of each case's events. open_slot: "definition:place" while a case is open of which a place may have one; else NULL.
CREATE TABLE cases (
    id VARCHAR(64) NOT NULL,
    definition VARCHAR(64) NOT NULL,
    definition_version BIGINT NOT NULL,
    state VARCHAR(64) NOT NULL,
    version BIGINT NOT NULL,
    place_code VARCHAR(32) NOT NULL,
    place_name VARCHAR(255) NOT NULL,
    place_parent VARCHAR(32) NOT NULL,
    place_level VARCHAR(64) NOT NULL,
    place_path VARCHAR(255) NOT NULL,
    parent VARCHAR(64) NOT NULL,
    batch VARCHAR(64) NOT NULL,
    title VARCHAR(1000) NOT NULL,
    category VARCHAR(64) NOT NULL,
    due_on VARCHAR(10) NOT NULL, -- 9999-12-31: none, so that it sorts last
    colour VARCHAR(64) NOT NULL,
    is_final TINYINT NOT NULL,
    one_open_per_place TINYINT NOT NULL,
    open_slot VARCHAR(255),
    facts LONGTEXT NOT NULL,
    head_hash VARCHAR(64) NOT NULL,
    opened_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY cases_by_open_slot (open_slot),
    KEY cases_by_place (place_path),
    KEY cases_by_definition (definition, place_path, state),
    KEY cases_by_parent (parent, is_final),
    KEY cases_by_batch (batch, place_path),
    KEY cases_by_update (updated_at, id),
    KEY cases_by_place_code (place_code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The record (engine/event.hpp). Append-only.
CREATE TABLE case_events (
    case_id VARCHAR(64) NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor VARCHAR(64) NOT NULL,
    on_behalf_of VARCHAR(64) NOT NULL,
    definition VARCHAR(64) NOT NULL,
    definition_version BIGINT NOT NULL,
    command VARCHAR(64) NOT NULL,
    from_state VARCHAR(64) NOT NULL,
    to_state VARCHAR(64) NOT NULL,
    payload LONGTEXT NOT NULL,
    context LONGTEXT NOT NULL,
    changes LONGTEXT NOT NULL,
    request_id VARCHAR(255) NOT NULL,
    previous_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (case_id, seq),
    KEY case_events_by_actor (actor, case_id, seq, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE work_items (
    case_id VARCHAR(64) NOT NULL,
    n BIGINT NOT NULL, -- slot within the case
    addressee VARCHAR(255) NOT NULL, -- "role/…" or "person/…": one index serves both
    place_path VARCHAR(255) NOT NULL,
    command VARCHAR(64) NOT NULL,
    role VARCHAR(64) NOT NULL,
    qualifier VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    due_on VARCHAR(10) NOT NULL, -- 9999-12-31: none
    claimed_by VARCHAR(64) NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (case_id, n),
    KEY work_items_by_addressee (addressee, place_path, qualifier, due_on, claimed_by)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE timers (
    case_id VARCHAR(64) NOT NULL,
    timer_key VARCHAR(64) NOT NULL,
    due_at BIGINT NOT NULL,
    command VARCHAR(64) NOT NULL,
    leased_until BIGINT NOT NULL,
    lease VARCHAR(64) NOT NULL,
    PRIMARY KEY (case_id, timer_key),
    KEY timers_by_due (due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE involved (
    case_id VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    involved_as VARCHAR(64) NOT NULL,
    PRIMARY KEY (case_id, person, involved_as),
    KEY involved_by_person (person, case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE outbox (
    id VARCHAR(64) NOT NULL,
    case_id VARCHAR(64) NOT NULL,
    place_path VARCHAR(255) NOT NULL,
    place_name VARCHAR(255) NOT NULL,
    topic VARCHAR(64) NOT NULL,
    roles LONGTEXT NOT NULL,
    qualifier VARCHAR(64) NOT NULL,
    people LONGTEXT NOT NULL,
    params LONGTEXT NOT NULL,
    state VARCHAR(64) NOT NULL, -- waiting, done, dead
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease VARCHAR(64) NOT NULL,
    last_error LONGTEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY outbox_by_state (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Idempotency: the reply to each accepted command.
CREATE TABLE command_keys (
    actor VARCHAR(64) NOT NULL,
    command_key VARCHAR(255) NOT NULL,
    case_id VARCHAR(64) NOT NULL,
    body_hash VARCHAR(64) NOT NULL,
    outcome LONGTEXT NOT NULL,
    PRIMARY KEY (actor, command_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Commands that were refused. Append-only.
CREATE TABLE refusals (
    id VARCHAR(64) NOT NULL,
    case_id VARCHAR(64) NOT NULL,
    definition VARCHAR(64) NOT NULL,
    place_path VARCHAR(255) NOT NULL,
    command VARCHAR(64) NOT NULL,
    state VARCHAR(64) NOT NULL,
    at BIGINT NOT NULL,
    actor VARCHAR(64) NOT NULL,
    on_behalf_of VARCHAR(64) NOT NULL,
    reasons LONGTEXT NOT NULL,
    request_id VARCHAR(255) NOT NULL,
    PRIMARY KEY (id),
    KEY refusals_by_case (case_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Secret votes while their ballot is open; sealed under the server's secret, emptied when it closes.
CREATE TABLE ballot_box (
    case_id VARCHAR(64) NOT NULL,
    box VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    sealed VARCHAR(255) NOT NULL,
    PRIMARY KEY (case_id, box, person)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE definitions (
    definition VARCHAR(64) NOT NULL,
    version BIGINT NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    stored_at BIGINT NOT NULL,
    PRIMARY KEY (definition, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
