-- What the readable number of a case is made from (case_numbers.hpp).

-- `p` is the case itself, or the parent of a child. Then the case's position among those of its day and place, and its
-- position among the children, 0 when it is none.
-- name: of
SELECT c.id, p.place_code, p.opened_at,
    (SELECT COUNT(*) FROM cases s WHERE s.place_code = p.place_code AND s.parent = ''
        AND s.opened_at >= p.opened_at - (p.opened_at + :offset_micros) % 86400000000 AND s.id <= p.id),
    (SELECT COUNT(*) FROM cases s WHERE c.parent <> '' AND s.parent = c.parent AND s.id <= c.id)
FROM cases c JOIN cases p ON p.id = CASE WHEN c.parent = '' THEN c.id ELSE c.parent END
WHERE c.id IN
