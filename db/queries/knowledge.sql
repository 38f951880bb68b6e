-- What guards may read.

-- name: rule
SELECT value FROM rules WHERE rule_key = :rule_key ORDER BY version DESC LIMIT 1

-- name: rule_versions
SELECT value FROM rules WHERE rule_key = :rule_key ORDER BY version DESC

-- name: document_chunks
SELECT content FROM document_chunks WHERE sha256 = :sha256 ORDER BY n

-- name: documents_there
SELECT sha256 FROM documents WHERE sha256 IN

-- name: documents_there_locked_end
ORDER BY sha256 {{for_share}}

-- name: state
SELECT name FROM knowledge_state WHERE one = 1

-- name: state_kept
SELECT name FROM knowledge_state WHERE one = 1 {{for_share}}

-- name: state_held
SELECT name FROM knowledge_state WHERE one = 1 {{for_update}}

-- name: rename_state
REPLACE INTO knowledge_state (one, name) VALUES (1, :name)
