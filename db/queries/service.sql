-- What the server keeps beside cases.

-- name: session_columns
s.token_hash, s.person, s.kind, s.csrf, s.label, s.created_at, s.seen_at, s.expires_at, s.password_version

-- name: add_session
INSERT INTO sessions (token_hash, person, kind, csrf, label, created_at, seen_at, expires_at, ended, password_version)
SELECT :token_hash, p.id, :kind, :csrf, :label, :created_at, :seen_at, :expires_at, 0, p.password_version
FROM people p WHERE p.id = :person AND p.active = 1 AND p.password_version = :password_version

-- name: find_session
SELECT {{service.session_columns}}, {{people.columns}} FROM sessions s
JOIN people p ON p.id = s.person AND p.active = 1 AND p.password_version = s.password_version
WHERE s.token_hash = :token_hash AND s.ended = 0 AND s.expires_at > :now

-- name: sessions_of
SELECT {{service.session_columns}} FROM sessions s JOIN people p ON p.id = s.person AND p.password_version = s.password_version
WHERE s.person = :person AND s.ended = 0 AND s.expires_at > :now ORDER BY s.created_at DESC, s.token_hash

-- name: touch_session
UPDATE sessions SET seen_at = :at WHERE token_hash = :token_hash AND ended = 0 AND seen_at <= :before

-- name: end_session
UPDATE sessions SET ended = 1 WHERE token_hash = :token_hash

-- name: end_sessions_of
UPDATE sessions SET ended = 1 WHERE person = :person AND ended = 0

-- name: count_failures
SELECT COUNT(*) FROM sign_in_failures WHERE login = :login AND at >= :since

-- name: add_failure
INSERT INTO sign_in_failures (id, login, at) VALUES (:id, :login, :at)

-- name: forget_failures
DELETE FROM sign_in_failures WHERE login = :login

-- Rows; one that is there already stays as it is.
-- name: add_access
{{insert_once}} access_log (id, at, person, method, route, object, address, status, request_id) VALUES

-- name: add_access_end
{{insert_once_end}}

-- name: list_access
SELECT id, at, person, method, route, object, address, status, request_id FROM access_log WHERE 1 = 1

-- name: list_access_of_commands
SELECT access_id, at, actor, method, route, object, address, status, request_id FROM command_keys WHERE access_id <> ''

-- name: newest_access_of_commands
SELECT 1 FROM (SELECT route, status FROM command_keys WHERE access_id <> '' ORDER BY access_id DESC LIMIT 200) newest
WHERE 1 = 1

-- name: list_admin_events
SELECT id, at, by_person, what, details FROM admin_log WHERE 1 = 1

-- name: newest_rules
SELECT r.rule_key, r.value FROM rules r
WHERE r.version = (SELECT MAX(n.version) FROM rules n WHERE n.rule_key = r.rule_key)
    AND r.rule_key NOT IN ('catalogue', 'catalogue_proposed', 'calendar')
ORDER BY r.rule_key

-- name: rule_version
SELECT COALESCE(MAX(version), 0) FROM rules WHERE rule_key = :rule_key {{for_update}}

-- name: add_rule
INSERT INTO rules (rule_key, version, value, by_person, at) VALUES (:rule_key, :version, :value, :by_person, :at)

-- name: rule_keys
SELECT DISTINCT rule_key FROM rules ORDER BY rule_key

-- name: rule_changes
SELECT rule_key, value, by_person, at, version FROM rules WHERE rule_key = :rule_key ORDER BY version DESC

-- name: setting
SELECT value FROM settings WHERE setting_key = :setting_key

-- name: put_setting
REPLACE INTO settings (setting_key, value) VALUES (:setting_key, :value)

-- name: draft
SELECT content FROM drafts WHERE case_id = :case_id

-- name: draft_locked
SELECT content FROM drafts WHERE case_id = :case_id {{for_update}}

-- name: add_draft
INSERT INTO drafts (case_id, content, saved_by, saved_at) VALUES (:case_id, :content, :saved_by, :saved_at)

-- name: change_draft
UPDATE drafts SET content = :content, saved_by = :saved_by, saved_at = :saved_at WHERE case_id = :case_id

-- name: remove_draft
DELETE FROM drafts WHERE case_id = :case_id

-- name: add_notification
INSERT INTO inbox (id, outbox_id, person, case_id, topic, params, at, is_read)
VALUES (:id, :outbox_id, :person, :case_id, :topic, :params, :at, 0)

-- name: list_notifications
SELECT id, person, case_id, topic, params, at, is_read FROM inbox WHERE person = :person

-- name: unread
SELECT COUNT(*) FROM inbox WHERE person = :person AND is_read = 0

-- name: mark_read
UPDATE inbox SET is_read = 1 WHERE person = :person AND id = :id

-- name: mark_all_read
UPDATE inbox SET is_read = 1 WHERE person = :person AND is_read = 0
