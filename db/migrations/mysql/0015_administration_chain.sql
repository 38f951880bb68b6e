-- 0015_administration_chain.sql
-- Why: people, grants, delegations, interests, rules and places give the record its meaning. Each change of them is an event
-- here, in the same transaction, with the rows before and after it, and the events are a chain of hashes: whoever changes
-- these tables past the program is found out. What was logged before has chain_seq 0.
-- Released files are never edited; correct with the next one.

ALTER TABLE admin_log
    ADD COLUMN changes LONGTEXT NOT NULL DEFAULT (''),
    ADD COLUMN chain_seq BIGINT NOT NULL DEFAULT 0, -- 0: before the chain
    ADD COLUMN hash VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE admin_log ADD KEY admin_log_by_chain (chain_seq, id);
