-- 0011_passwords_and_uploads.sql
-- Why: a session is good for the password that it was opened with, so that a sign-in which began before the password was
-- changed opens nothing; who got a password from somebody else chooses their own; and of the same content each uploader
-- has their own name, type and time.
-- Released files are never edited; correct with the next one.

ALTER TABLE people ADD COLUMN password_version BIGINT NOT NULL DEFAULT 0; -- one more with each new password
ALTER TABLE people ADD COLUMN password_must_change TINYINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN password_version BIGINT NOT NULL DEFAULT 0;

ALTER TABLE document_uploads ADD COLUMN name VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE document_uploads ADD COLUMN media_type VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE document_uploads ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
INSERT IGNORE INTO document_uploads (sha256, person) SELECT sha256, added_by FROM documents;
UPDATE document_uploads u JOIN documents d ON d.sha256 = u.sha256
SET u.name = d.name, u.media_type = d.media_type, u.at = d.added_at;
