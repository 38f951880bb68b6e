-- What is to be told after COMMIT. Claimed under a lease: the claim is committed before anything is sent.

-- name: due
SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at, id LIMIT :limit

-- name: claim
UPDATE outbox SET lease = :lease, next_at = :leased_until, attempts = attempts + 1
WHERE state = 'waiting' AND next_at <= :now AND id IN

-- name: claimed
SELECT id, case_id, place_path, place_name, topic, qualifier, roles, people, params, attempts, created_at FROM outbox
WHERE lease = :lease AND state = 'waiting' AND id IN

-- name: set_state
UPDATE outbox SET state = :state, last_error = '', lease = ''
WHERE id = :id AND lease = :lease AND state = 'waiting'

-- name: retry
UPDATE outbox SET state = :state, last_error = :error, next_at = :next_at, lease = ''
WHERE id = :id AND lease = :lease AND state = 'waiting'

-- name: queue_mail
INSERT INTO mails (id, outbox_id, person, address, subject, body, state, attempts, next_at, lease, last_error)
VALUES (:id, :outbox_id, :person, :address, :subject, :body, 'waiting', 0, :next_at, '', '')

-- name: mails_due
SELECT id FROM mails WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at, id LIMIT :limit

-- name: claim_mails
UPDATE mails SET lease = :lease, next_at = :leased_until, attempts = attempts + 1
WHERE state = 'waiting' AND next_at <= :now AND id IN

-- name: claimed_mails
SELECT id, outbox_id, person, address, subject, body, attempts FROM mails WHERE lease = :lease AND state = 'waiting' AND id IN

-- name: mail_sent
UPDATE mails SET state = 'done', last_error = '', lease = '', next_at = :at
WHERE id = :id AND lease = :lease AND state = 'waiting'

-- name: mail_failed
UPDATE mails SET state = :state, last_error = :error, next_at = :next_at, lease = ''
WHERE id = :id AND lease = :lease AND state = 'waiting'

-- name: failures
SELECT id, 'notice' AS channel, '' AS person, last_error, attempts, next_at, CASE WHEN state = 'dead' THEN 1 ELSE 0 END
FROM outbox WHERE state IN ('waiting', 'dead') AND last_error <> ''
UNION ALL
SELECT id, 'mail' AS channel, person, last_error, attempts, next_at, CASE WHEN state = 'dead' THEN 1 ELSE 0 END
FROM mails WHERE state IN ('waiting', 'dead') AND last_error <> ''
ORDER BY 6 DESC, 1 LIMIT :limit

-- name: notice_again
UPDATE outbox SET state = 'waiting', next_at = :at, attempts = 0, lease = '' WHERE id = :id AND state = 'dead'

-- name: mail_again
UPDATE mails SET state = 'waiting', next_at = :at, attempts = 0, lease = '',
  -- a wrong address may be why it is dead
  address = COALESCE((SELECT email FROM people WHERE people.id = mails.person), address)
WHERE id = :id AND state = 'dead'
