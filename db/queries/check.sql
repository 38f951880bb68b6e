-- What `cunmai verify` asks the tables (db/operations/tables_check.hpp). Each question finds what is wrong, none what is right.

-- Parts that are missing, too many, or of no document.
-- name: document_parts
SELECT d.sha256, 'has other parts than its number says' FROM documents d
LEFT JOIN (SELECT sha256, COUNT(*) AS parts, MIN(n) AS first, MAX(n) AS last FROM document_chunks GROUP BY sha256) c
    ON c.sha256 = d.sha256
WHERE d.chunks <> COALESCE(c.parts, 0) OR COALESCE(c.first, 0) <> 0 OR COALESCE(c.last, -1) <> d.chunks - 1
ORDER BY d.sha256 LIMIT :limit

-- name: document_orphans
SELECT DISTINCT c.sha256, 'has parts but is not there' FROM document_chunks c LEFT JOIN documents d ON d.sha256 = c.sha256
WHERE d.sha256 IS NULL ORDER BY c.sha256 LIMIT :limit

-- name: uploads_without_document
SELECT u.sha256, 'was uploaded but is not there' FROM document_uploads u LEFT JOIN documents d ON d.sha256 = u.sha256
WHERE d.sha256 IS NULL ORDER BY u.sha256 LIMIT :limit

-- Who uploaded first may have done so again, later and under another name.
-- name: documents_without_upload
SELECT d.sha256, 'is not as its first uploader uploaded it' FROM documents d
LEFT JOIN document_uploads u ON u.sha256 = d.sha256 AND u.person = d.added_by
WHERE u.sha256 IS NULL OR u.at < d.added_at OR (u.at = d.added_at AND (u.name <> d.name OR u.media_type <> d.media_type))
ORDER BY d.sha256 LIMIT :limit

-- name: uploads_before_the_first
SELECT u.sha256, 'was uploaded before it was there' FROM document_uploads u JOIN documents d ON d.sha256 = u.sha256
WHERE u.at < d.added_at ORDER BY u.sha256 LIMIT :limit

-- name: uploads_of_nobody
SELECT u.sha256, 'was uploaded by nobody who is known' FROM document_uploads u LEFT JOIN people p ON p.id = u.person
WHERE p.id IS NULL ORDER BY u.sha256 LIMIT :limit

-- name: work_counts
SELECT t.addressee, t.district_path FROM (
    SELECT addressee, district_path, qualifier, due_on, items FROM work_counts
    UNION ALL SELECT addressee, district_path, qualifier, due_on, -1 FROM work_items WHERE addressee <> ''
) t GROUP BY t.addressee, t.district_path, t.qualifier, t.due_on HAVING SUM(t.items) <> 0 LIMIT :limit

-- name: case_counts
SELECT t.district_path FROM (
    SELECT district_path, is_final, items FROM case_counts
    UNION ALL SELECT district_path, is_final, -1 FROM cases
) t GROUP BY t.district_path, t.is_final HAVING SUM(t.items) <> 0 LIMIT :limit
