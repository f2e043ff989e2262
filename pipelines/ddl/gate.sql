-- What was checked, and when: write-back reads it and fails closed. The newest row of a name counts.
CREATE SCHEMA IF NOT EXISTS gate;

CREATE TABLE IF NOT EXISTS gate.results (
    name VARCHAR NOT NULL,                       -- pull:<connection>, dbt:before_matching, matching, dbt:after_matching
    passed BOOLEAN NOT NULL,
    detail VARCHAR,                              -- what failed, in words
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);
