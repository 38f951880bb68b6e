-- Cases and their record. Only the transaction of a command writes here.

-- name: columns
c.id, c.definition, c.definition_version, c.state, c.version, c.place_code, c.place_name, c.place_parent, c.place_level,
c.place_path, c.parent, c.batch, c.title, c.category, c.due_on, c.colour, c.is_final, c.one_open_per_place, c.facts,
c.head_hash, c.opened_at, c.updated_at

-- name: load
SELECT {{cases.columns}} FROM cases c WHERE c.id = :id

-- name: facts_text
SELECT c.facts FROM cases c WHERE c.id = :id

-- name: load_locked
SELECT {{cases.columns}} FROM cases c WHERE c.id = :id {{for_update}}

-- Ordered, so that of two batches which lock the same cases one waits for the other and they do not deadlock.
-- name: load_all
SELECT {{cases.columns}} FROM cases c WHERE c.id IN

-- name: load_all_end
ORDER BY c.id {{for_update}}

-- name: linked
SELECT c.id, c.definition, c.state, c.place_path, c.facts FROM cases c WHERE c.id IN

-- name: linked_end
ORDER BY c.id

-- name: linked_locked_end
ORDER BY c.id {{for_share}}

-- name: all_columns
id, definition, definition_version, state, version, place_code, place_name, place_parent, place_level,
place_path, parent, batch, title, category, due_on, colour, is_final, one_open_per_place, open_slot, facts, head_hash,
opened_at, updated_at

-- name: insert
INSERT INTO cases ({{cases.all_columns}})
VALUES (:id, :definition, :definition_version, :state, :version, :place_code, :place_name, :place_parent, :place_level,
    :place_path, :parent, :batch, :title, :category, :due_on, :colour, :is_final, :one_open_per_place, :open_slot, :facts,
    :head_hash, :opened_at, :updated_at)

-- name: move
UPDATE cases SET definition_version = :definition_version, state = :state, version = :version, title = :title,
    category = :category, due_on = :due_on, colour = :colour, is_final = :is_final, open_slot = :open_slot, facts = :facts,
    head_hash = :head_hash, updated_at = :updated_at
WHERE id = :id AND version = :version_before

-- The same for many rows (MySQL only): each row is compared with the version before it and counts as two when changed.
-- name: move_rows
INSERT INTO cases ({{cases.all_columns}}) VALUES

-- name: move_rows_end
{{move_rows_end}}

-- name: versions
SELECT id, version FROM cases WHERE id IN

-- name: open_at_place
SELECT 1 FROM cases WHERE definition = :definition AND place_code = :place_code AND is_final = 0 LIMIT 1

-- name: open_children
SELECT id FROM cases WHERE parent = :parent AND is_final = 0 ORDER BY id

-- name: append
INSERT INTO case_events (case_id, seq, at, actor, on_behalf_of, definition, definition_version, command, from_state,
    to_state, payload, context, changes, request_id, previous_hash, hash) VALUES

-- name: event_columns
case_id, seq, at, actor, on_behalf_of, definition, definition_version, command, from_state, to_state, payload, context,
changes, request_id, previous_hash, hash

-- name: events
SELECT {{cases.event_columns}} FROM case_events WHERE case_id = :case_id AND seq > :after_seq ORDER BY seq LIMIT :limit

-- name: newest_events
SELECT {{cases.event_columns}} FROM case_events WHERE case_id = :case_id AND seq <= :upto ORDER BY seq DESC LIMIT :limit

-- name: moves
SELECT seq, at, from_state, to_state FROM case_events WHERE case_id = :case_id AND from_state <> to_state ORDER BY seq

-- name: commands_since
SELECT command FROM case_events WHERE case_id = :case_id AND seq > :version ORDER BY seq LIMIT :limit

-- name: path_of
SELECT place_path FROM cases WHERE id = :id

-- name: refusals
SELECT id, case_id, definition, place_path, command, state, at, actor, on_behalf_of, reasons, request_id FROM refusals
WHERE case_id = :case_id

-- name: refusals_inside
AND reasons NOT LIKE '%"code":"outside_jurisdiction"%'

-- name: refusals_end
ORDER BY id DESC LIMIT :limit

-- name: keep_refusal
INSERT INTO refusals (id, case_id, definition, place_path, command, state, at, actor, on_behalf_of, reasons, request_id,
    chain_seq, hash) VALUES

-- name: ids_after
SELECT id FROM cases WHERE id > :after ORDER BY id LIMIT :limit

-- name: open_in_older_version
SELECT id FROM cases WHERE definition = :definition AND definition_version < :version AND is_final = 0 AND id > :after
ORDER BY id LIMIT :limit

-- name: ids_without_row
SELECT DISTINCT e.case_id FROM case_events e LEFT JOIN cases c ON c.id = e.case_id WHERE c.id IS NULL
ORDER BY e.case_id LIMIT :limit

-- name: ids_with_wrong_slot
-- open_slot must be "definition:place" while a case is open of which a place may have one, and NULL otherwise. Flags are
-- 0 or 1: lists ask for these.
SELECT id FROM cases WHERE
(one_open_per_place = 1 AND is_final = 0 AND (open_slot IS NULL OR SUBSTR(open_slot, 1, LENGTH(definition)) <> definition
    OR SUBSTR(open_slot, LENGTH(definition) + 2) <> place_code))
OR ((one_open_per_place = 0 OR is_final = 1) AND open_slot IS NOT NULL)
OR is_final NOT IN (0, 1) OR one_open_per_place NOT IN (0, 1)
ORDER BY id LIMIT :limit

-- name: reply
SELECT body_hash, outcome FROM command_keys WHERE actor = :actor AND command_key = :command_key

-- Read together with the name of the state of people and rules, which every command needs; only the state's row is
-- locked. On a new database there is no such row.
-- name: reply_and_state
SELECT k.name, (SELECT r.body_hash FROM command_keys r WHERE r.actor = :actor AND r.command_key = :command_key),
    (SELECT r.outcome FROM command_keys r WHERE r.actor = :actor AND r.command_key = :command_key)
FROM (SELECT 1 AS one) here LEFT JOIN knowledge_state k ON k.one = here.one {{for_share}}

-- name: replies
SELECT actor, command_key FROM command_keys WHERE

-- name: keep_reply
INSERT INTO command_keys (actor, command_key, case_id, body_hash, outcome, access_id, at, method, route, object, address,
    status, request_id) VALUES

-- The tasks and people of cases, in one read. Free slots of tasks have no command.
-- name: follows_tasks
SELECT case_id, 'task' AS kind, n, command, role, qualifier, person, due_on, claimed_by, since FROM work_items
WHERE case_id IN

-- name: follows_involved
SELECT case_id, 'involved', 0, '', involved_as, '', person, '', '', 0 FROM involved WHERE case_id IN

-- name: post
INSERT INTO outbox (id, case_id, place_path, place_name, topic, roles, qualifier, people, params, state, attempts, next_at,
    lease, last_error, created_at) VALUES

-- name: box_put
REPLACE INTO ballot_box (case_id, box, person, sealed) VALUES (:case_id, :box, :person, :sealed)

-- name: box_remove
DELETE FROM ballot_box WHERE case_id = :case_id AND box = :box AND person = :person

-- name: box_empty
DELETE FROM ballot_box WHERE case_id = :case_id AND box = :box

-- name: box
SELECT person, sealed FROM ballot_box WHERE case_id = :case_id AND box = :box

-- Lists: built from these parts, see case_lists.cpp.

-- name: list
SELECT {{cases.columns}} FROM (SELECT c.id FROM cases c WHERE

-- The page's ids are found first, mostly in an index alone; only its rows are read whole.
-- name: list_rows
) page JOIN cases c ON c.id = page.id

-- name: count
SELECT COUNT(*) FROM cases c WHERE

-- Totals that triggers keep (migration 0008).
-- name: count_in_district
SELECT COALESCE(SUM(c.items), 0) FROM case_counts c WHERE c.district_path = :district

-- name: count_by_state
SELECT c.state, COUNT(*) FROM cases c WHERE

-- name: round_progress
SELECT t.town, COALESCE(p.name, ''), t.state, COUNT(*) FROM (
    SELECT CASE WHEN c.place_level = 'village' THEN c.place_parent ELSE c.place_code END AS town, c.state AS state
    FROM cases c WHERE

-- name: round_progress_end
) t LEFT JOIN places p ON p.code = t.town GROUP BY t.town, p.name, t.state ORDER BY t.town, t.state

-- name: where_definition
c.definition = :definition

-- name: where_state
c.state = :state

-- name: where_category
c.category = :category

-- name: where_colour
c.colour = :colour

-- name: where_batch
c.batch = :batch

-- name: where_parent
c.parent = :parent

-- name: where_due_before
c.due_on <= :due_before

-- name: where_due_after
c.due_on >= :due_after AND c.due_on < '9999-12-31'

-- name: where_open
c.is_final = 0

-- name: where_final
c.is_final = 1

-- name: where_text
(LOWER(c.title) LIKE :text ESCAPE '!' OR LOWER(c.place_name) LIKE :text ESCAPE '!' OR c.id = :exact OR c.place_code = :exact)

-- Not EXISTS: MariaDB would first collect the role's work items everywhere.
-- name: where_role
(SELECT w.n FROM work_items w WHERE w.case_id = c.id AND w.role = :role LIMIT 1) IS NOT NULL

-- name: where_involved
EXISTS (SELECT 1 FROM involved i WHERE i.case_id = c.id AND i.person = :involved)
