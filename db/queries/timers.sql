-- name: replace
REPLACE INTO timers (case_id, timer_key, due_at, command, leased_until, lease) VALUES

-- Keeps a timer that has been set anew, for a later time.
-- name: finish
DELETE FROM timers WHERE case_id = :case_id AND timer_key = :timer_key AND due_at <= :now

-- name: due
SELECT case_id, timer_key FROM timers WHERE due_at <= :now AND leased_until <= :now ORDER BY due_at, case_id, timer_key
LIMIT :limit

-- name: claim
UPDATE timers SET lease = :lease, leased_until = :leased_until
WHERE case_id = :case_id AND timer_key = :timer_key AND due_at <= :now AND leased_until <= :now

-- name: claimed
SELECT case_id, timer_key, command, due_at FROM timers WHERE case_id = :case_id AND timer_key = :timer_key AND lease = :lease

-- name: next_due
SELECT MIN(due_at) FROM timers
