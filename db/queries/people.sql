-- People, their grants, delegations and declared interests.

-- name: columns
p.id, p.login, p.name, p.phone, p.email, p.language, p.active, p.password_hash, p.password_version,
p.password_must_change

-- name: find
SELECT {{people.columns}} FROM people p WHERE p.id = :id

-- name: by_login
SELECT {{people.columns}} FROM people p WHERE p.login = :login

-- name: search
SELECT {{people.columns}} FROM people p WHERE p.login > :after

-- name: where_text
AND (LOWER(login) LIKE :text ESCAPE '!' OR LOWER(name) LIKE :text ESCAPE '!' OR id = :exact)

-- name: where_text_of_name
AND (LOWER(name) LIKE :text ESCAPE '!' OR id = :exact)

-- name: where_role
AND EXISTS (SELECT 1 FROM role_grants g WHERE g.person = p.id AND g.role = :role AND g.ended_at = 0)

-- name: where_within
AND (id = :self OR EXISTS (SELECT 1 FROM role_grants w WHERE w.person = p.id AND w.ended_at = 0 AND

-- name: search_end
ORDER BY login LIMIT :limit

-- name: add
INSERT INTO people (id, login, name, phone, email, language, active, password_hash, password_must_change)
VALUES (:id, :login, :name, :phone, :email, :language, :active, :password_hash, :password_must_change)

-- name: update
UPDATE people SET login = :login, name = :name, phone = :phone, email = :email, language = :language, active = :active
WHERE id = :id

-- name: set_password
UPDATE people SET password_hash = :password_hash, password_must_change = :must_change,
    password_version = password_version + 1
WHERE id = :id AND (:any = 1 OR password_version = :version)

-- name: password_must_change
UPDATE people SET password_must_change = 1 WHERE id = :id AND password_must_change = 0

-- name: names
SELECT id, name FROM people WHERE id IN

-- name: grant_columns
g.id, g.person, g.role, g.qualifier, g.place_code, g.place_path, COALESCE(p.name, ''), g.granted_at, g.granted_by

-- name: grants_of
SELECT {{people.grant_columns}} FROM role_grants g LEFT JOIN places p ON p.code = g.place_code
WHERE g.person = :person AND g.ended_at = 0 ORDER BY g.role, g.place_path, g.qualifier

-- name: roles_ever_held
SELECT g.person, g.role, g.qualifier, g.place_path, COALESCE(p.name, ''), g.granted_at, g.ended_at, g.granted_by
FROM role_grants g LEFT JOIN places p ON p.code = g.place_code WHERE g.person IN

-- name: interests_ever_declared
SELECT i.person, i.place_code, i.reason, i.declared_at, i.ended_at FROM interests i WHERE i.person IN

-- name: grants_over
SELECT {{people.grant_columns}} FROM role_grants g LEFT JOIN places p ON p.code = g.place_code
JOIN people h ON h.id = g.person AND h.active = 1
WHERE g.ended_at = 0 AND g.place_path IN

-- name: grants_over_end
ORDER BY g.role, g.place_path, g.person, g.qualifier

-- name: grant
SELECT {{people.grant_columns}} FROM role_grants g LEFT JOIN places p ON p.code = g.place_code
WHERE g.id = :id AND g.ended_at = 0

-- name: add_grant
INSERT INTO role_grants (id, person, role, qualifier, place_code, place_path, granted_at, granted_by, ended_at)
VALUES (:id, :person, :role, :qualifier, :place_code, :place_path, :granted_at, :granted_by, 0)

-- name: remove_grant
UPDATE role_grants SET ended_at = :at WHERE id = :id AND ended_at = 0

-- name: grants_in_force
SELECT g.person, g.role, g.qualifier, g.place_path FROM role_grants g JOIN people h ON h.id = g.person AND h.active = 1
WHERE g.person = :person AND g.ended_at = 0 ORDER BY g.role, g.place_path, g.qualifier

-- name: holders
SELECT g.person, g.role, g.qualifier, g.place_path FROM role_grants g JOIN people h ON h.id = g.person AND h.active = 1
WHERE g.role = :role AND g.ended_at = 0 AND g.place_path IN

-- name: holders_end
ORDER BY g.person, g.qualifier, g.place_path

-- name: delegation_columns
id, principal, delegate, role, from_at, until_at, reason

-- name: delegations_from
SELECT {{people.delegation_columns}} FROM delegations WHERE principal = :person ORDER BY from_at DESC, id

-- name: delegations_to
SELECT {{people.delegation_columns}} FROM delegations WHERE delegate = :person ORDER BY from_at DESC, id

-- name: delegations_by_delegate
SELECT d.principal, d.delegate, d.role, d.from_at, d.until_at FROM delegations d
WHERE d.delegate = :delegate ORDER BY d.principal, d.role

-- name: add_delegation
INSERT INTO delegations (id, principal, delegate, role, from_at, until_at, reason)
VALUES (:id, :principal, :delegate, :role, :from_at, :until_at, :reason)

-- name: end_delegation
UPDATE delegations SET until_at = :at WHERE id = :id AND until_at > :at

-- name: interests_of
SELECT id, person, place_code, reason, declared_at FROM interests WHERE person = :person AND ended_at = 0
ORDER BY declared_at, id

-- name: last_interest
-- When the declaration ended; one that is in force (0) sorts before all that have ended.
SELECT ended_at FROM interests WHERE person = :person AND place_code = :place_code
ORDER BY CASE WHEN ended_at = 0 THEN 0 ELSE 1 END, ended_at DESC LIMIT 1

-- name: add_interest
INSERT INTO interests (id, person, place_code, reason, declared_at, ended_at)
VALUES (:id, :person, :place_code, :reason, :declared_at, 0)

-- name: end_interest
UPDATE interests SET ended_at = :at WHERE id = :id AND ended_at = 0

-- name: involvements
SELECT i.case_id, i.involved_as FROM involved i JOIN cases c ON c.id = i.case_id AND c.is_final = 0
WHERE i.person = :person ORDER BY i.case_id, i.involved_as
