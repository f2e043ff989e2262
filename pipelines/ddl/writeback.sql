-- What the newest plan would write to the CRMs: computed whole before the first call, previewed, and applied from here.
CREATE SCHEMA IF NOT EXISTS writeback;

CREATE TABLE IF NOT EXISTS writeback.change_set (    -- one row
    change_set_id VARCHAR NOT NULL,              -- a digest of its content
    run_id VARCHAR NOT NULL,                     -- the run whose marts it rests on
    as_of TIMESTAMPTZ NOT NULL,
    planned_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS writeback.targets (   -- one object, or one list, of one connection
    position INTEGER NOT NULL,                   -- order in which they are written
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    records_wanted BIGINT NOT NULL,              -- what the marts say of it
    records_sent BIGINT NOT NULL,                -- what we have written there before
    recovered BIGINT NOT NULL,                   -- changes of a killed run, settled by reading back
    skipped VARCHAR                              -- why it is left alone
);

CREATE TABLE IF NOT EXISTS writeback.changes (   -- every field that is not as it should be
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                       -- update | create | remove
    verdict VARCHAR NOT NULL,                    -- write | conflict (a person's value: left) | held (by an undo) | adopt (ours already, by a merge)
    field VARCHAR NOT NULL,
    before VARCHAR,
    after VARCHAR,
    after_native VARCHAR,                        -- JSON, where the value must go out exactly so (an undo)
    rule VARCHAR
);
