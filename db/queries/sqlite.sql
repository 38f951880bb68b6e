-- Only what truly differs. SQLite's single writer locks the whole database, so rows need no locks.
-- name: for_update
-- name: for_share

-- name: insert_once
INSERT INTO
-- name: insert_once_end
ON CONFLICT DO NOTHING

-- name: put_task
REPLACE INTO
-- name: put_task_end

-- name: columns_of
SELECT name, CASE WHEN type = 'INTEGER' THEN 1 ELSE 0 END FROM pragma_table_info(:table_name) ORDER BY cid

-- name: triggers
SELECT name, sql FROM sqlite_master WHERE type = 'trigger'

-- name: tables
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name

-- name: columns_of_names
SELECT name FROM pragma_table_info(:table_name) ORDER BY cid

-- name: move_rows_end

-- Indexes that can be dropped and made again, that is, all but those of keys.
-- name: indexes_of
SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table_name AND sql IS NOT NULL ORDER BY name
