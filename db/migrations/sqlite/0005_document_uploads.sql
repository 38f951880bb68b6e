-- 0005_document_uploads.sql
-- Why: The same content may be uploaded by several people; each of them may read and use it, nobody else by its hash.
-- Released files are never edited; correct with the next one.
CREATE TABLE document_uploads (
    sha256 TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (sha256, person)
);
