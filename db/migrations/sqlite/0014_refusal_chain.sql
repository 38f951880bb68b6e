-- 0014_refusal_chain.sql
-- Why: a refused command that is changed, dropped or put in later is found, as in the history of a case: those of a place
-- are a chain of hashes. What was refused before has chain_seq 0; a digest of it is what the place's chain begins with.
-- Released files are never edited; correct with the next one.

-- The end of each chain. refusals:PLACE_PATH: of the commands refused at that place.
CREATE TABLE chains (
    chain TEXT NOT NULL,
    length INTEGER NOT NULL,
    head_hash TEXT NOT NULL,
    PRIMARY KEY (chain)
);
CREATE TRIGGER chains_no_delete BEFORE DELETE ON chains BEGIN
    SELECT RAISE(ABORT, 'a chain has no end');
END;

ALTER TABLE refusals ADD COLUMN chain_seq INTEGER NOT NULL DEFAULT 0; -- 0: before the chain
ALTER TABLE refusals ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE INDEX refusals_by_chain ON refusals (place_path, chain_seq, id);
