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

-- name: within_end
ORDER BY p.code LIMIT :limit

-- name: insert
INSERT INTO places (code, name, parent, level, path) VALUES (:code, :name, :parent, :level, :path)

-- name: rename
UPDATE places SET name = :name WHERE code = :code

-- name: rename_in_cases
UPDATE cases SET place_name = :name WHERE place_code = :code
