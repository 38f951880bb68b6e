-- name: create
CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    applied_at BIGINT NOT NULL,
    statements_done INTEGER NOT NULL,
    PRIMARY KEY (number)
)
-- name: all
SELECT number, name, sha256, applied_at, statements_done FROM schema_migrations ORDER BY number
-- name: note
REPLACE INTO schema_migrations (number, name, sha256, applied_at, statements_done)
VALUES (:number, :name, :sha256, :applied_at, :statements_done)
-- name: definitions
SELECT fingerprint FROM definitions WHERE definition = :definition AND version = :version
-- name: note_definition
INSERT INTO definitions (definition, version, fingerprint, stored_at) VALUES (:definition, :version, :fingerprint, :stored_at)
