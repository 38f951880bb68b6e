-- 0003_service.sql
-- Why: What the server keeps beside cases. Times are UTC microseconds; nothing is NULL but cases.open_slot.
-- Released files are never edited; correct with the next one.

CREATE TABLE sessions (
    token_hash VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    csrf VARCHAR(255) NOT NULL,
    label VARCHAR(255) NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended TINYINT NOT NULL,
    PRIMARY KEY (token_hash),
    KEY sessions_by_person (person),
    FOREIGN KEY (person) REFERENCES people (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE sign_in_failures (
    id VARCHAR(64) NOT NULL,
    login VARCHAR(255) NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY sign_in_failures_by_login (login, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Append-only.
CREATE TABLE access_log (
    id VARCHAR(64) NOT NULL,
    at BIGINT NOT NULL,
    person VARCHAR(64) NOT NULL,
    method VARCHAR(64) NOT NULL,
    route VARCHAR(255) NOT NULL,
    object VARCHAR(255) NOT NULL,
    address VARCHAR(255) NOT NULL,
    status BIGINT NOT NULL,
    request_id VARCHAR(255) NOT NULL,
    PRIMARY KEY (id),
    KEY access_log_by_person (person, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Append-only.
CREATE TABLE admin_log (
    id VARCHAR(64) NOT NULL,
    at BIGINT NOT NULL,
    by_person VARCHAR(64) NOT NULL,
    what VARCHAR(64) NOT NULL,
    details LONGTEXT NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A district's settings; the highest version counts.
CREATE TABLE rules (
    rule_key VARCHAR(64) NOT NULL,
    version BIGINT NOT NULL,
    value LONGTEXT NOT NULL,
    by_person VARCHAR(64) NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (rule_key, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE settings (
    setting_key VARCHAR(64) NOT NULL,
    value LONGTEXT NOT NULL,
    PRIMARY KEY (setting_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE drafts (
    case_id VARCHAR(64) NOT NULL,
    content LONGTEXT NOT NULL,
    saved_by VARCHAR(64) NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE documents (
    sha256 VARCHAR(64) NOT NULL,
    name VARCHAR(255) NOT NULL,
    media_type VARCHAR(255) NOT NULL,
    size BIGINT NOT NULL,
    chunks BIGINT NOT NULL,
    added_by VARCHAR(64) NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE document_chunks (
    sha256 VARCHAR(64) NOT NULL,
    n BIGINT NOT NULL,
    content LONGTEXT NOT NULL, -- base64
    PRIMARY KEY (sha256, n),
    FOREIGN KEY (sha256) REFERENCES documents (sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE document_links (
    case_id VARCHAR(64) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    PRIMARY KEY (case_id, sha256),
    KEY document_links_by_document (sha256, case_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE inbox (
    id VARCHAR(64) NOT NULL,
    outbox_id VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    case_id VARCHAR(64) NOT NULL,
    topic VARCHAR(64) NOT NULL,
    params LONGTEXT NOT NULL,
    at BIGINT NOT NULL,
    is_read TINYINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY inbox_once (outbox_id, person),
    KEY inbox_by_person (person, id),
    KEY inbox_unread (person, is_read)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE mails (
    id VARCHAR(64) NOT NULL,
    outbox_id VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    address VARCHAR(255) NOT NULL,
    subject LONGTEXT NOT NULL,
    body LONGTEXT NOT NULL,
    state VARCHAR(64) NOT NULL, -- waiting, done, dead
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease VARCHAR(64) NOT NULL,
    last_error LONGTEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY mails_once (outbox_id, person),
    KEY mails_by_state (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
