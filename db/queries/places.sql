-- Districts, towns, villages.

-- name: columns
code, name, parent, level, path

-- name: find
SELECT {{places.columns}} FROM places WHERE code = :code

-- name: children
SELECT {{places.columns}} FROM places WHERE parent = :code ORDER BY code

-- name: all
SELECT {{places.columns}} FROM places ORDER BY path

-- name: any
SELECT 1 FROM places LIMIT 1

-- name: within
SELECT {{places.columns}} FROM places p WHERE p.code > :after

-- name: where_level
AND p.level = :level

-- name: where_text
AND (LOWER(p.name) LIKE :text ESCAPE '!' OR p.code = :exact)

-- name: where_without_open
-- Where no case of the definition is open.
AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.place_code = p.code AND c.definition = :definition AND c.is_final = 0)

-- name: within_end
ORDER BY p.code LIMIT :limit

-- name: openings
-- By parent: how many villages there are, and in how many a case of the definition is open.
SELECT p.parent, COUNT(*), SUM(CASE WHEN EXISTS (SELECT 1 FROM cases c WHERE c.place_code = p.code
    AND c.definition = :definition AND c.is_final = 0) THEN 1 ELSE 0 END)
FROM places p WHERE p.level = 'village'

-- name: openings_end
GROUP BY p.parent

-- name: insert
INSERT INTO places (code, name, parent, level, path) VALUES

-- name: rename
UPDATE places SET name = :name WHERE code = :code

-- name: rename_in_cases
UPDATE cases SET place_name = :name WHERE place_code = :code
