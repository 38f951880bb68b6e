-- Only what truly differs. Locked until COMMIT, and read as last committed.
-- name: for_update
FOR UPDATE
-- name: for_share
LOCK IN SHARE MODE

-- name: columns_of
SELECT column_name, CASE WHEN data_type IN ('bigint', 'int', 'tinyint') THEN 1 ELSE 0 END
FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = :table_name
    AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position

-- name: tables
SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name

-- name: columns_of_names
SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = :table_name
    AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position
