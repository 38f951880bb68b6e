-- Content-addressed documents in chunks of base64 text.

-- name: columns
d.sha256, d.name, d.media_type, d.size, d.added_by, d.added_at

-- name: info
SELECT {{documents.columns}} FROM documents d WHERE d.sha256 = :sha256

-- name: add
INSERT INTO documents (sha256, name, media_type, size, chunks, added_by, added_at)
VALUES (:sha256, :name, :media_type, :size, :chunks, :added_by, :added_at)

-- name: locked
SELECT sha256 FROM documents WHERE sha256 = :sha256 {{for_update}}

-- name: bytes_uploaded
SELECT COALESCE(SUM(d.size), 0) FROM document_uploads u JOIN documents d ON d.sha256 = u.sha256
WHERE u.person = :person AND u.at >= :since

-- name: unused
SELECT d.sha256 FROM documents d WHERE d.added_at < :before {{documents.not_used}} ORDER BY d.added_at LIMIT :count

-- name: still_unused
SELECT d.sha256 FROM documents d WHERE d.sha256 = :sha256 {{documents.not_used}}

-- name: not_used
AND NOT EXISTS (SELECT 1 FROM document_uploads u WHERE u.sha256 = d.sha256 AND u.at >= :before)
AND NOT EXISTS (SELECT 1 FROM document_links l WHERE l.sha256 = d.sha256)
AND NOT EXISTS (SELECT 1 FROM drafts f WHERE INSTR(f.content, d.sha256) > 0)

-- name: remove_chunks
DELETE FROM document_chunks WHERE sha256 = :sha256

-- name: remove_uploads
DELETE FROM document_uploads WHERE sha256 = :sha256

-- name: remove
DELETE FROM documents WHERE sha256 = :sha256

-- name: add_chunk
INSERT INTO document_chunks (sha256, n, content) VALUES (:sha256, :n, :content)

-- name: chunks
SELECT chunks FROM documents WHERE sha256 = :sha256

-- name: chunk
SELECT content FROM document_chunks WHERE sha256 = :sha256 AND n = :n

-- name: link
{{insert_once}} document_links (case_id, sha256) VALUES

-- name: link_end
{{insert_once_end}}

-- name: links_of_case
SELECT sha256 FROM document_links WHERE case_id = :case_id

-- name: all_names
SELECT sha256 FROM documents ORDER BY sha256

-- name: linked_cases
SELECT case_id FROM document_links WHERE sha256 = :sha256 ORDER BY case_id

-- name: of_case
SELECT d.sha256, COALESCE(u.name, d.name), COALESCE(u.media_type, d.media_type), d.size,
    COALESCE(u.person, d.added_by), COALESCE(u.at, d.added_at) AS uploaded_at
FROM document_links l JOIN documents d ON d.sha256 = l.sha256
LEFT JOIN document_uploads u ON u.sha256 = l.sha256 AND u.person = (
    SELECT e.actor FROM case_events e JOIN document_uploads x ON x.sha256 = l.sha256 AND x.person = e.actor
    WHERE e.case_id = l.case_id ORDER BY e.seq LIMIT 1)
WHERE l.case_id = :case_id ORDER BY uploaded_at, d.sha256

-- name: uploaded
SELECT d.sha256, u.name, u.media_type, d.size, u.person, u.at
FROM document_uploads u JOIN documents d ON d.sha256 = u.sha256 WHERE u.sha256 = :sha256 AND u.person = :person

-- name: add_upload
REPLACE INTO document_uploads (sha256, person, name, media_type, at) VALUES (:sha256, :person, :name, :media_type, :at)
