-- 0008_lists_by_tier.sql
-- Why: a list over a whole district must not get slower as the district grows. Its page is the first rows of one index
-- (the district is a column of its own there, so that the index is in the list's order), and its total is kept: triggers
-- count in the same transaction, so that totals are exact. Towns and villages are small: a range of place_path serves.
-- STORED: MariaDB computes a virtual column anew when it purges its index, and after a crash of a node that goes round
-- without an end in `mariadbd --wsrep-recover`, which systemd runs before each start.
-- Released files are never edited; correct with the next one.

ALTER TABLE work_items
    ADD COLUMN district_path VARCHAR(64) COLLATE utf8mb4_bin
        GENERATED ALWAYS AS (CONCAT(SUBSTRING_INDEX(place_path, '/', 2), '/')) STORED,
    ADD KEY work_items_by_district (addressee, district_path, qualifier, due_on, since, case_id, n),
    ADD KEY work_items_by_claim (claimed_by);

-- How many work items wait in a district, for whom and until when: the sum over the slots. Each session writes to a slot
-- of its own, so that commands that are committed at the same time do not wait for each other here.
CREATE TABLE work_counts (
    addressee VARCHAR(255) NOT NULL,
    district_path VARCHAR(64) NOT NULL,
    qualifier VARCHAR(64) NOT NULL,
    due_on VARCHAR(10) NOT NULL,
    slot INTEGER NOT NULL,
    items BIGINT NOT NULL,
    PRIMARY KEY (addressee, district_path, qualifier, due_on, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items)
SELECT addressee, district_path, qualifier, due_on, 0, COUNT(*) FROM work_items WHERE addressee <> ''
GROUP BY addressee, district_path, qualifier, due_on
ON DUPLICATE KEY UPDATE items = VALUES(items);

-- (A statement of this file ends with a line; so each trigger is one.)
CREATE TRIGGER work_items_count AFTER INSERT ON work_items FOR EACH ROW IF NEW.addressee <> '' THEN INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items) VALUES (NEW.addressee, NEW.district_path, NEW.qualifier, NEW.due_on, CONNECTION_ID() % 64, 1) ON DUPLICATE KEY UPDATE items = items + 1; END IF;
CREATE TRIGGER work_items_uncount AFTER DELETE ON work_items FOR EACH ROW IF OLD.addressee <> '' THEN INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items) VALUES (OLD.addressee, OLD.district_path, OLD.qualifier, OLD.due_on, CONNECTION_ID() % 64, -1) ON DUPLICATE KEY UPDATE items = items - 1; END IF;

ALTER TABLE cases
    ADD COLUMN district_path VARCHAR(64) COLLATE utf8mb4_bin
        GENERATED ALWAYS AS (CONCAT(SUBSTRING_INDEX(place_path, '/', 2), '/')) STORED,
    ADD KEY cases_by_district (district_path, updated_at, id);

CREATE TABLE case_counts (
    district_path VARCHAR(64) NOT NULL,
    is_final TINYINT NOT NULL,
    slot INTEGER NOT NULL,
    items BIGINT NOT NULL,
    PRIMARY KEY (district_path, is_final, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO case_counts (district_path, is_final, slot, items)
SELECT district_path, is_final, 0, COUNT(*) FROM cases GROUP BY district_path, is_final
ON DUPLICATE KEY UPDATE items = VALUES(items);

CREATE TRIGGER cases_count AFTER INSERT ON cases FOR EACH ROW
    INSERT INTO case_counts (district_path, is_final, slot, items)
    VALUES (NEW.district_path, NEW.is_final, CONNECTION_ID() % 64, 1)
    ON DUPLICATE KEY UPDATE items = items + 1;
CREATE TRIGGER cases_uncount AFTER DELETE ON cases FOR EACH ROW
    INSERT INTO case_counts (district_path, is_final, slot, items)
    VALUES (OLD.district_path, OLD.is_final, CONNECTION_ID() % 64, -1)
    ON DUPLICATE KEY UPDATE items = items - 1;
CREATE TRIGGER cases_count_again AFTER UPDATE ON cases FOR EACH ROW IF OLD.is_final <> NEW.is_final THEN INSERT INTO case_counts (district_path, is_final, slot, items) VALUES (OLD.district_path, OLD.is_final, CONNECTION_ID() % 64, -1) ON DUPLICATE KEY UPDATE items = items - 1; INSERT INTO case_counts (district_path, is_final, slot, items) VALUES (NEW.district_path, NEW.is_final, CONNECTION_ID() % 64, 1) ON DUPLICATE KEY UPDATE items = items + 1; END IF;

-- Who holds a role over a place: the grants at the place and at each place above it.
CREATE INDEX role_grants_by_path ON role_grants (place_path);
