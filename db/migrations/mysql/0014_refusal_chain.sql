-- 0014_refusal_chain.sql
-- Why: a refused command that is changed, dropped or put in later is found, as in the history of a case: those of a place
-- are a chain of hashes. What was refused before has chain_seq 0; a digest of it is what the place's chain begins with.
-- Released files are never edited; correct with the next one.

-- The end of each chain. refusals:PLACE_PATH: of the commands refused at that place.
CREATE TABLE chains (
    chain VARCHAR(300) NOT NULL,
    length BIGINT NOT NULL,
    head_hash VARCHAR(64) NOT NULL,
    PRIMARY KEY (chain)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TRIGGER chains_no_delete BEFORE DELETE ON chains FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a chain has no end';

ALTER TABLE refusals
    ADD COLUMN chain_seq BIGINT NOT NULL DEFAULT 0, -- 0: before the chain
    ADD COLUMN hash VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE refusals ADD KEY refusals_by_chain (place_path, chain_seq, id);
