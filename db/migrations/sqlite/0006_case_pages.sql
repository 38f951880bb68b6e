-- 0006_case_pages.sql
-- Why: the usual page of a list, newest first within a jurisdiction, is found in this index alone.
-- Released files are never edited; correct with the next one.

DROP INDEX cases_by_place;
DROP INDEX cases_by_update;
CREATE INDEX cases_by_place ON cases (place_path, updated_at, id);
