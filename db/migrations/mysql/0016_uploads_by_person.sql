-- 0016_uploads_by_person.sql
-- Why: what a person uploaded within a day is counted with each upload.
-- Released files are never edited; correct with the next one.
CREATE INDEX document_uploads_by_person ON document_uploads (person, at);
