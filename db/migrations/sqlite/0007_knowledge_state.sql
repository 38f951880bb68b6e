-- 0007_knowledge_state.sql
-- Why: Names the present state of what commands know (people, grants, delegations, interests, rules), so that servers may
-- remember it: whoever changes one of these tables gives it a new name in the same transaction. One row.
-- Released files are never edited; correct with the next one.

CREATE TABLE knowledge_state (
    one INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (one)
);
