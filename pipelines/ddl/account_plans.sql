-- What account plans must remember. Lives in state.duckdb.
CREATE TABLE IF NOT EXISTS state.partner_answers (   -- what partners filled into the form; the log, the newest accepted of a field counts
    answer_id VARCHAR PRIMARY KEY,               -- digest of partner, form, field, value and file: the same file twice adds nothing
    partner VARCHAR NOT NULL,
    field VARCHAR NOT NULL,                      -- key of the profile's catalogue
    value VARCHAR NOT NULL,                      -- JSON
    before VARCHAR,                              -- JSON: what we knew when it came in, of the same or a more trusted source
    form_id VARCHAR NOT NULL,                    -- the workbook as it was made
    file VARCHAR NOT NULL,                       -- name of the file as it came back
    filled_in_by VARCHAR,                        -- as the partner says
    filled_in_on DATE NOT NULL,                  -- as the partner says, else the day it came in
    received_at TIMESTAMPTZ NOT NULL,
    verdict VARCHAR NOT NULL,                    -- waiting | accepted | rejected | superseded
    decided_by VARCHAR,
    decided_at TIMESTAMPTZ,
    reason VARCHAR
);

CREATE TABLE IF NOT EXISTS state.account_plans (     -- one plan per partner and quarter: goals and moves as drafted once, figures as last seen
    partner VARCHAR NOT NULL,
    period VARCHAR NOT NULL,                     -- our fiscal year and quarter: 2026-Q3
    starts_on DATE NOT NULL,                     -- the day from which goals are measured
    drafted_at TIMESTAMPTZ NOT NULL,             -- the run whose data the goals were drafted from
    refreshed_at TIMESTAMPTZ NOT NULL,           -- the run whose data the figures are of
    goals VARCHAR NOT NULL,                      -- JSON
    moves VARCHAR NOT NULL,                      -- JSON
    figures VARCHAR NOT NULL,                    -- JSON
    PRIMARY KEY (partner, period)
);

CREATE TABLE IF NOT EXISTS state.plan_files (        -- every file each time it was made: one that has changed since is a person's and is left alone
    path VARCHAR NOT NULL,                       -- relative to the folder of the plans
    digest VARCHAR NOT NULL,                     -- SHA-256 of its bytes as made
    made_at TIMESTAMPTZ NOT NULL,                -- the run whose data it shows
    PRIMARY KEY (path, digest)
);
