-- 0013_work_items_recount_expand.sql
-- Why: an update of a work item must count, too. The other database writes slots over in place; here REPLACE does.
-- Released files are never edited; correct with the next one.

CREATE TRIGGER work_items_recount AFTER UPDATE OF addressee, place_path, qualifier, due_on ON work_items BEGIN
    UPDATE work_counts SET items = items - 1
    WHERE addressee = OLD.addressee AND district_path = OLD.district_path AND qualifier = OLD.qualifier
        AND due_on = OLD.due_on AND slot = 0;
    INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items)
    SELECT NEW.addressee, NEW.district_path, NEW.qualifier, NEW.due_on, 0, 1 WHERE NEW.addressee <> ''
    ON CONFLICT (addressee, district_path, qualifier, due_on, slot) DO UPDATE SET items = items + 1;
END;
