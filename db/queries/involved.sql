-- name: insert
INSERT INTO involved (case_id, person, involved_as) VALUES

-- name: delete
DELETE FROM involved WHERE case_id = :case_id AND person IN
