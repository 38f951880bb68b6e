-- 0012_access_of_commands_expand.sql
-- Why: who gave a command from where stands in the row of its key, with its reply: one row for what were two. Commands
-- without a key, and repeated ones, have their row in access_log as before. The log is read as one (AccessLog::list),
-- so this table can't be changed either.
-- Released files are never edited; correct with the next one.

ALTER TABLE command_keys
    ADD COLUMN access_id VARCHAR(64) NOT NULL DEFAULT '', -- '': no access is told here
    ADD COLUMN at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN method VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN route VARCHAR(255) NOT NULL DEFAULT '',
    ADD COLUMN object VARCHAR(255) NOT NULL DEFAULT '',
    ADD COLUMN address VARCHAR(255) NOT NULL DEFAULT '',
    ADD COLUMN status BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN request_id VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE command_keys ADD KEY command_keys_by_access (access_id); -- reads the whole table: on a large one, at night

CREATE TRIGGER command_keys_no_update BEFORE UPDATE ON command_keys FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the access log is append-only';
CREATE TRIGGER command_keys_no_delete BEFORE DELETE ON command_keys FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the access log is append-only';
