-- Only what truly differs. Locked until COMMIT, and read as last committed.
-- name: for_update
FOR UPDATE
-- name: for_share
LOCK IN SHARE MODE

-- name: insert_once
INSERT IGNORE INTO
-- name: insert_once_end

-- name: put_task
INSERT INTO
-- name: put_task_end
ON DUPLICATE KEY UPDATE addressee = VALUES(addressee), place_path = VALUES(place_path), command = VALUES(command),
    role = VALUES(role), qualifier = VALUES(qualifier), person = VALUES(person), due_on = VALUES(due_on),
    claimed_by = VALUES(claimed_by), since = VALUES(since)

-- name: columns_of
SELECT column_name, CASE WHEN data_type IN ('bigint', 'int', 'tinyint') THEN 1 ELSE 0 END
FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = :table_name
    AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position

-- As migrations write them.
-- name: triggers
SELECT trigger_name, CONCAT('TRIGGER ', trigger_name, ' ', action_timing, ' ', event_manipulation, ' ON ', event_object_table,
    ' FOR EACH ROW ', action_statement) FROM information_schema.triggers WHERE trigger_schema = DATABASE()

-- name: tables
SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name

-- name: columns_of_names
SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = :table_name
    AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position

-- name: move_rows_end
ON DUPLICATE KEY UPDATE
    definition_version = IF(version = VALUES(version) - 1, VALUES(definition_version), definition_version),
    state = IF(version = VALUES(version) - 1, VALUES(state), state),
    title = IF(version = VALUES(version) - 1, VALUES(title), title),
    category = IF(version = VALUES(version) - 1, VALUES(category), category),
    due_on = IF(version = VALUES(version) - 1, VALUES(due_on), due_on),
    colour = IF(version = VALUES(version) - 1, VALUES(colour), colour),
    is_final = IF(version = VALUES(version) - 1, VALUES(is_final), is_final),
    open_slot = IF(version = VALUES(version) - 1, VALUES(open_slot), open_slot),
    facts = IF(version = VALUES(version) - 1, VALUES(facts), facts),
    head_hash = IF(version = VALUES(version) - 1, VALUES(head_hash), head_hash),
    updated_at = IF(version = VALUES(version) - 1, VALUES(updated_at), updated_at),
    version = IF(version = VALUES(version) - 1, VALUES(version), version)

-- Empty: MySQL can't drop and make indexes within a transaction.
-- name: indexes_of
