-- Worklists. One index range per (addressee, qualifier, jurisdiction); never a join over grants. See reach.hpp.

-- name: put
{{put_task}} work_items (case_id, n, addressee, place_path, command, role, qualifier, person, due_on, claimed_by, since) VALUES

-- name: put_end
{{put_task_end}}

-- name: delete
DELETE FROM work_items WHERE case_id = :case_id AND n IN

-- name: delete_all
DELETE FROM work_items WHERE case_id = :case_id

-- A page is found in the ranges of an index, each in the list's order; only its rows and their cases are read whole.
-- name: list
SELECT w.case_id, c.definition, c.state, w.command, w.role, w.qualifier, w.person, w.due_on, w.claimed_by, w.since, w.n,
    c.title, c.category, c.colour, c.place_code, c.place_name, c.version, w.place_path
FROM (SELECT w.case_id, w.n FROM (

-- name: list_range
SELECT w.case_id, w.n, w.due_on, w.since FROM work_items w

-- name: list_page
) w ORDER BY w.due_on, w.since, w.case_id, w.n LIMIT :limit

-- name: list_cases
) page JOIN work_items w ON w.case_id = page.case_id AND w.n = page.n JOIN cases c ON c.id = w.case_id

-- name: with_cases
JOIN cases c ON c.id = w.case_id

-- name: order
ORDER BY w.due_on, w.since, w.case_id, w.n

-- name: after_cursor
w.due_on >= :due AND (w.due_on > :due OR (w.due_on = :due AND (w.since > :since OR (w.since = :since AND
    (w.case_id > :case_id OR (w.case_id = :case_id AND w.n > :n))))))

-- name: total
SELECT COALESCE(SUM(counted.items), 0) FROM (

-- name: total_range
SELECT COUNT(*) AS items FROM work_items w

-- name: total_kept
SELECT SUM(w.items) AS items FROM work_counts w

-- name: totals
SELECT COALESCE(SUM(counted.todo), 0), COALESCE(SUM(counted.overdue), 0), COALESCE(SUM(counted.soon), 0) FROM (

-- name: totals_range
SELECT COUNT(*) AS todo, SUM(CASE WHEN w.due_on < :today THEN 1 ELSE 0 END) AS overdue,
    SUM(CASE WHEN w.due_on >= :today AND w.due_on <= :soon THEN 1 ELSE 0 END) AS soon
FROM work_items w WHERE

-- Totals that triggers keep (migration 0008): a handful of rows for each due date.
-- name: totals_kept
SELECT SUM(w.items) AS todo, SUM(CASE WHEN w.due_on < :today THEN w.items ELSE 0 END) AS overdue,
    SUM(CASE WHEN w.due_on >= :today AND w.due_on <= :soon THEN w.items ELSE 0 END) AS soon
FROM work_counts w WHERE

-- name: counted
) counted

-- name: count_claimed
SELECT COUNT(*) FROM work_items w WHERE w.claimed_by = :me AND w.claimed_by <> '' AND

-- name: where_role
w.role = :role

-- name: where_overdue
w.due_on < :today

-- name: where_soon
w.due_on >= :today AND w.due_on <= :soon

-- name: claim
UPDATE work_items AS w SET claimed_by = :me
WHERE w.case_id = :case_id AND w.command = :command AND w.claimed_by IN ('', :me) AND

-- name: unclaim
UPDATE work_items AS w SET claimed_by = '' WHERE w.case_id = :case_id AND w.command = :command AND w.claimed_by = :me AND

-- name: acted_on
SELECT c.id, c.definition, c.state, c.due_on, c.title, c.category, c.colour, c.place_code, c.place_name, c.version,
    COALESCE(e.command, ''), a.at
FROM {{tasks.acted}} a JOIN cases c ON c.id = a.case_id
LEFT JOIN case_events e ON e.case_id = a.case_id AND e.seq = a.seq WHERE

-- name: count_acted_on
SELECT COUNT(*) FROM {{tasks.acted}} a JOIN cases c ON c.id = a.case_id WHERE

-- name: acted
(SELECT case_id, MAX(seq) AS seq, MAX(at) AS at FROM case_events WHERE actor = :me GROUP BY case_id)

-- name: started
SELECT c.id, c.definition, c.state, c.due_on, c.title, c.category, c.colour, c.place_code, c.place_name, c.version,
    a.command, a.at
FROM case_events a JOIN cases c ON c.id = a.case_id WHERE a.actor = :me AND a.seq = 1 AND

-- name: count_started
SELECT COUNT(*) FROM case_events a JOIN cases c ON c.id = a.case_id WHERE a.actor = :me AND a.seq = 1 AND

-- name: watching
SELECT c.id, c.definition, c.state, c.due_on, c.title, c.category, c.colour, c.place_code, c.place_name, c.version, '',
    c.updated_at
FROM cases c WHERE EXISTS (SELECT 1 FROM involved i WHERE i.case_id = c.id AND i.person = :me) AND c.is_final = 0 AND

-- name: count_watching
SELECT COUNT(*) FROM cases c
WHERE EXISTS (SELECT 1 FROM involved i WHERE i.case_id = c.id AND i.person = :me) AND c.is_final = 0 AND
