-- 0005_document_uploads.sql
-- Why: The same content may be uploaded by several people; each of them may read and use it, nobody else by its hash.
-- Released files are never edited; correct with the next one.
CREATE TABLE document_uploads (
    sha256 VARCHAR(64) NOT NULL,
    person VARCHAR(64) NOT NULL,
    PRIMARY KEY (sha256, person)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
