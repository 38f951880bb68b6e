-- 0011_passwords_and_uploads.sql
-- Why: a session is good for the password that it was opened with, so that a sign-in which began before the password was
-- changed opens nothing; who got a password from somebody else chooses their own; and of the same content each uploader
-- has their own name, type and time.
-- Released files are never edited; correct with the next one.

ALTER TABLE people ADD COLUMN password_version INTEGER NOT NULL DEFAULT 0; -- one more with each new password
ALTER TABLE people ADD COLUMN password_must_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN password_version INTEGER NOT NULL DEFAULT 0;

ALTER TABLE document_uploads ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE document_uploads ADD COLUMN media_type TEXT NOT NULL DEFAULT '';
ALTER TABLE document_uploads ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
INSERT OR IGNORE INTO document_uploads (sha256, person) SELECT sha256, added_by FROM documents;
UPDATE document_uploads SET
    name = (SELECT d.name FROM documents d WHERE d.sha256 = document_uploads.sha256),
    media_type = (SELECT d.media_type FROM documents d WHERE d.sha256 = document_uploads.sha256),
    at = (SELECT d.added_at FROM documents d WHERE d.sha256 = document_uploads.sha256)
WHERE EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = document_uploads.sha256);
