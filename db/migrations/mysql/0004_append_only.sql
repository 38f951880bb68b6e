-- 0004_append_only.sql
-- Why: nothing is ever changed or deleted in the history and in the logs (domain.md §6).

CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the history is append-only';
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the history is append-only';
CREATE TRIGGER refusals_no_update BEFORE UPDATE ON refusals FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the list of refusals is append-only';
CREATE TRIGGER refusals_no_delete BEFORE DELETE ON refusals FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the list of refusals is append-only';
CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the access log is append-only';
CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the access log is append-only';
CREATE TRIGGER admin_log_no_update BEFORE UPDATE ON admin_log FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the administration log is append-only';
CREATE TRIGGER admin_log_no_delete BEFORE DELETE ON admin_log FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the administration log is append-only';
