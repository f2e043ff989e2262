-- What came back in review workbooks. Lives in state.duckdb: people do not answer twice.
CREATE TABLE IF NOT EXISTS state.review_answers (    -- each answer of each file that was read; the newest of an export and pair counts
    export_id VARCHAR NOT NULL,                  -- the workbook as it was exported; copies of it bear the same
    file_digest VARCHAR NOT NULL,                -- the file as it was read: what it said once it does not say again
    sheet VARCHAR NOT NULL,                      -- question | spot_check | contradiction
    record_id VARCHAR NOT NULL,
    other_record_id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,                   -- same | different | unsure
    decided_by VARCHAR NOT NULL,
    reason VARCHAR,
    imported_at TIMESTAMPTZ NOT NULL,
    probability DOUBLE,                          -- as it was exported
    stratum VARCHAR,                             -- of a spot check: the range of probability that it was drawn from ...
    stratum_size BIGINT                          -- ... and how many automatic links there were in that range
);
