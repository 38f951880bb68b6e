-- 0003_service.sql
-- Why: What the server keeps beside cases. Times are UTC microseconds; nothing is NULL but cases.open_slot.
-- Released files are never edited; correct with the next one.

CREATE TABLE sessions (
    token_hash TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    csrf TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    PRIMARY KEY (token_hash),
    FOREIGN KEY (person) REFERENCES people (id)
);
CREATE INDEX sessions_by_person ON sessions (person);

CREATE TABLE sign_in_failures (
    id TEXT NOT NULL,
    login TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX sign_in_failures_by_login ON sign_in_failures (login, at);

-- Append-only.
CREATE TABLE access_log (
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    person TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    object TEXT NOT NULL,
    address TEXT NOT NULL,
    status INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX access_log_by_person ON access_log (person, id);

-- Append-only.
CREATE TABLE admin_log (
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    by_person TEXT NOT NULL,
    what TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (id)
);

-- A district's settings; the highest version counts.
CREATE TABLE rules (
    rule_key TEXT NOT NULL,
    version INTEGER NOT NULL,
    value TEXT NOT NULL,
    by_person TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (rule_key, version)
);

CREATE TABLE settings (
    setting_key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (setting_key)
);

CREATE TABLE drafts (
    case_id TEXT NOT NULL,
    content TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (case_id)
);

CREATE TABLE documents (
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (sha256)
);

CREATE TABLE document_chunks (
    sha256 TEXT NOT NULL,
    n INTEGER NOT NULL,
    content TEXT NOT NULL, -- base64
    PRIMARY KEY (sha256, n),
    FOREIGN KEY (sha256) REFERENCES documents (sha256)
);

CREATE TABLE document_links (
    case_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (case_id, sha256)
);
CREATE INDEX document_links_by_document ON document_links (sha256, case_id);

CREATE TABLE inbox (
    id TEXT NOT NULL,
    outbox_id TEXT NOT NULL,
    person TEXT NOT NULL,
    case_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    params TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_read INTEGER NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (outbox_id, person)
);
CREATE INDEX inbox_by_person ON inbox (person, id);
CREATE INDEX inbox_unread ON inbox (person, is_read);

CREATE TABLE mails (
    id TEXT NOT NULL,
    outbox_id TEXT NOT NULL,
    person TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL, -- waiting, done, dead
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease TEXT NOT NULL,
    last_error TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (outbox_id, person)
);
CREATE INDEX mails_by_state ON mails (state, next_at);
