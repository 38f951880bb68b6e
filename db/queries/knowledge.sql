-- What guards may ask for.

-- name: rule
SELECT value FROM rules WHERE rule_key = :rule_key ORDER BY version DESC LIMIT 1

-- name: document_chunks
SELECT content FROM document_chunks WHERE sha256 = :sha256 ORDER BY n

-- name: document_exists
SELECT 1 FROM documents WHERE sha256 = :sha256
