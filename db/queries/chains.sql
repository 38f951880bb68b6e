-- Hash chains beside those of the cases (db/kernel/chains.hpp): how long each is, and its last hash.

-- name: head
SELECT length, head_hash FROM chains WHERE chain = :chain {{for_update}}

-- name: end_of
SELECT length, head_hash FROM chains WHERE chain = :chain

-- name: begin
INSERT INTO chains (chain, length, head_hash) VALUES

-- name: move
UPDATE chains SET length = :length, head_hash = :head_hash WHERE chain = :chain AND length = :length_before

-- name: of_refusals
SELECT chain, length, head_hash FROM chains WHERE chain LIKE 'refusals:%' ORDER BY chain

-- Places that have refusals from before they were chained.
-- name: places_of_unchained_refusals
SELECT DISTINCT place_path FROM refusals WHERE chain_seq = 0 ORDER BY place_path

-- name: places_of_refusals
SELECT DISTINCT place_path FROM refusals ORDER BY place_path

-- name: refusals_of
SELECT id, case_id, definition, place_path, command, state, at, actor, on_behalf_of, reasons, request_id, chain_seq, hash
FROM refusals WHERE place_path = :place_path ORDER BY chain_seq, id

-- name: begin_one
INSERT INTO chains (chain, length, head_hash) VALUES (:chain, :length, :head_hash)

-- name: add_deed
INSERT INTO admin_log (id, at, by_person, what, details, changes, chain_seq, hash)
VALUES (:id, :at, :by_person, :what, :details, :changes, :chain_seq, :hash)

-- name: deed_columns
id, at, by_person, what, details, changes, chain_seq, hash

-- name: deeds_before
SELECT {{chains.deed_columns}} FROM admin_log WHERE chain_seq = 0 ORDER BY id

-- Also what has a number that none can have.
-- name: deeds
SELECT {{chains.deed_columns}} FROM admin_log WHERE chain_seq <> 0 ORDER BY chain_seq, id
