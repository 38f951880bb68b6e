-- 0008_lists_by_tier.sql
-- Why: a list over a whole district must not get slower as the district grows. Its page is the first rows of one index
-- (the district is a column of its own there, so that the index is in the list's order), and its total is kept: triggers
-- count in the same transaction, so that totals are exact. Towns and villages are small: a range of place_path serves.
-- Released files are never edited; correct with the next one.

ALTER TABLE work_items ADD COLUMN district_path TEXT
    GENERATED ALWAYS AS (substr(place_path, 1, instr(substr(place_path, 2), '/') + 1)) VIRTUAL;
CREATE INDEX work_items_by_district ON work_items (addressee, district_path, qualifier, due_on, since, case_id, n);
CREATE INDEX work_items_by_claim ON work_items (claimed_by) WHERE claimed_by <> '';

-- How many work items wait in a district, for whom and until when. slot: see the other database.
CREATE TABLE work_counts (
    addressee TEXT NOT NULL,
    district_path TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    due_on TEXT NOT NULL,
    slot INTEGER NOT NULL,
    items INTEGER NOT NULL,
    PRIMARY KEY (addressee, district_path, qualifier, due_on, slot)
) WITHOUT ROWID;
INSERT INTO work_counts
SELECT addressee, district_path, qualifier, due_on, 0, COUNT(*) FROM work_items WHERE addressee <> ''
GROUP BY addressee, district_path, qualifier, due_on;

-- A row that REPLACE is about to replace fires no DELETE trigger.
CREATE TRIGGER work_items_uncount_replaced BEFORE INSERT ON work_items BEGIN
    UPDATE work_counts SET items = items - 1
    WHERE (addressee, district_path, qualifier, due_on, slot) IN (
        SELECT addressee, district_path, qualifier, due_on, 0 FROM work_items
        WHERE case_id = NEW.case_id AND n = NEW.n AND addressee <> '');
END;
CREATE TRIGGER work_items_count AFTER INSERT ON work_items WHEN NEW.addressee <> '' BEGIN
    INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items)
    VALUES (NEW.addressee, NEW.district_path, NEW.qualifier, NEW.due_on, 0, 1)
    ON CONFLICT (addressee, district_path, qualifier, due_on, slot) DO UPDATE SET items = items + 1;
END;
CREATE TRIGGER work_items_uncount AFTER DELETE ON work_items WHEN OLD.addressee <> '' BEGIN
    UPDATE work_counts SET items = items - 1
    WHERE addressee = OLD.addressee AND district_path = OLD.district_path AND qualifier = OLD.qualifier
        AND due_on = OLD.due_on AND slot = 0;
END;
CREATE TRIGGER work_counts_forget_none AFTER UPDATE ON work_counts WHEN NEW.items = 0 BEGIN
    DELETE FROM work_counts
    WHERE addressee = NEW.addressee AND district_path = NEW.district_path AND qualifier = NEW.qualifier
        AND due_on = NEW.due_on AND slot = NEW.slot;
END;

ALTER TABLE cases ADD COLUMN district_path TEXT
    GENERATED ALWAYS AS (substr(place_path, 1, instr(substr(place_path, 2), '/') + 1)) VIRTUAL;
CREATE INDEX cases_by_district ON cases (district_path, updated_at, id);

CREATE TABLE case_counts (
    district_path TEXT NOT NULL,
    is_final INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    items INTEGER NOT NULL,
    PRIMARY KEY (district_path, is_final, slot)
) WITHOUT ROWID;
INSERT INTO case_counts SELECT district_path, is_final, 0, COUNT(*) FROM cases GROUP BY district_path, is_final;

CREATE TRIGGER cases_count AFTER INSERT ON cases BEGIN
    INSERT INTO case_counts (district_path, is_final, slot, items) VALUES (NEW.district_path, NEW.is_final, 0, 1)
    ON CONFLICT (district_path, is_final, slot) DO UPDATE SET items = items + 1;
END;
CREATE TRIGGER cases_uncount AFTER DELETE ON cases BEGIN
    UPDATE case_counts SET items = items - 1
    WHERE district_path = OLD.district_path AND is_final = OLD.is_final AND slot = 0;
END;
CREATE TRIGGER cases_count_again AFTER UPDATE OF is_final ON cases WHEN OLD.is_final <> NEW.is_final BEGIN
    UPDATE case_counts SET items = items - 1
    WHERE district_path = OLD.district_path AND is_final = OLD.is_final AND slot = 0;
    INSERT INTO case_counts (district_path, is_final, slot, items) VALUES (NEW.district_path, NEW.is_final, 0, 1)
    ON CONFLICT (district_path, is_final, slot) DO UPDATE SET items = items + 1;
END;

-- Who holds a role over a place: the grants at the place and at each place above it.
CREATE INDEX role_grants_by_path ON role_grants (place_path);
