-- 0012_access_of_commands_expand.sql
-- Why: who gave a command from where stands in the row of its key, with its reply: one row for what were two. Commands
-- without a key, and repeated ones, have their row in access_log as before. The log is read as one (AccessLog::list),
-- so this table can't be changed either.
-- Released files are never edited; correct with the next one.

ALTER TABLE command_keys ADD COLUMN access_id TEXT NOT NULL DEFAULT ''; -- '': no access is told here
ALTER TABLE command_keys ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE command_keys ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE command_keys ADD COLUMN route TEXT NOT NULL DEFAULT '';
ALTER TABLE command_keys ADD COLUMN object TEXT NOT NULL DEFAULT '';
ALTER TABLE command_keys ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE command_keys ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE command_keys ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
CREATE INDEX command_keys_by_access ON command_keys (access_id) WHERE access_id <> '';

CREATE TRIGGER command_keys_no_update BEFORE UPDATE ON command_keys BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;
CREATE TRIGGER command_keys_no_delete BEFORE DELETE ON command_keys BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;
