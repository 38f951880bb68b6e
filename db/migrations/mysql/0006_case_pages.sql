-- 0006_case_pages.sql
-- Why: the usual page of a list, newest first within a jurisdiction, is found in this index alone.
-- Released files are never edited; correct with the next one.

ALTER TABLE cases DROP KEY cases_by_place;
ALTER TABLE cases DROP KEY cases_by_update;
ALTER TABLE cases ADD KEY cases_by_place (place_path, updated_at, id);
