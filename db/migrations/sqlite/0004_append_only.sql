-- 0004_append_only.sql
-- Why: nothing is ever changed or deleted in the history and in the logs (domain.md §6).

CREATE TRIGGER case_events_no_update BEFORE UPDATE ON case_events BEGIN
    SELECT RAISE(ABORT, 'the history is append-only');
END;
CREATE TRIGGER case_events_no_delete BEFORE DELETE ON case_events BEGIN
    SELECT RAISE(ABORT, 'the history is append-only');
END;
CREATE TRIGGER refusals_no_update BEFORE UPDATE ON refusals BEGIN
    SELECT RAISE(ABORT, 'the list of refusals is append-only');
END;
CREATE TRIGGER refusals_no_delete BEFORE DELETE ON refusals BEGIN
    SELECT RAISE(ABORT, 'the list of refusals is append-only');
END;
CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;
CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log BEGIN
    SELECT RAISE(ABORT, 'the access log is append-only');
END;
CREATE TRIGGER admin_log_no_update BEFORE UPDATE ON admin_log BEGIN
    SELECT RAISE(ABORT, 'the administration log is append-only');
END;
CREATE TRIGGER admin_log_no_delete BEFORE DELETE ON admin_log BEGIN
    SELECT RAISE(ABORT, 'the administration log is append-only');
END;
