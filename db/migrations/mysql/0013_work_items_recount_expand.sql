-- 0013_work_items_recount_expand.sql
-- Why: a slot of work items is written over in place (ON DUPLICATE KEY UPDATE) and no longer deleted and inserted anew:
-- one row for each node of a cluster to apply instead of two. So an update must count, too.
-- Released files are never edited; correct with the next one.

CREATE TRIGGER work_items_recount AFTER UPDATE ON work_items FOR EACH ROW IF OLD.addressee <> NEW.addressee OR OLD.district_path <> NEW.district_path OR OLD.qualifier <> NEW.qualifier OR OLD.due_on <> NEW.due_on THEN IF OLD.addressee <> '' THEN INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items) VALUES (OLD.addressee, OLD.district_path, OLD.qualifier, OLD.due_on, CONNECTION_ID() % 64, -1) ON DUPLICATE KEY UPDATE items = items - 1; END IF; IF NEW.addressee <> '' THEN INSERT INTO work_counts (addressee, district_path, qualifier, due_on, slot, items) VALUES (NEW.addressee, NEW.district_path, NEW.qualifier, NEW.due_on, CONNECTION_ID() % 64, 1) ON DUPLICATE KEY UPDATE items = items + 1; END IF; END IF;
