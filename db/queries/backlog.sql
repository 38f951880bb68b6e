-- How much work is waiting, counted for metrics.

-- name: timers
SELECT COUNT(*), COALESCE(MIN(due_at), 0) FROM timers WHERE due_at <= :now

-- name: notices
SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM outbox WHERE state = 'waiting'

-- name: mails
SELECT COUNT(*) FROM mails WHERE state = 'waiting'

-- name: dead_notices
SELECT COUNT(*) FROM outbox WHERE state = 'dead'

-- name: dead_mails
SELECT COUNT(*) FROM mails WHERE state = 'dead'

-- name: sessions
SELECT COUNT(*) FROM sessions WHERE ended = 0 AND expires_at > :now
