-- Which records are the same company. Exists, empty, before the first dbt build; rewritten whole by each matching.
CREATE SCHEMA IF NOT EXISTS match;

CREATE TABLE IF NOT EXISTS match.links (         -- one placing link (auto | confirmed) per record, plus its review and rejected candidates
    record_id VARCHAR NOT NULL,
    company_id VARCHAR NOT NULL,
    probability DOUBLE NOT NULL,
    verdict VARCHAR NOT NULL,                    -- auto | review | confirmed | rejected
    rule VARCHAR NOT NULL,                       -- what decided: corporate_number, domain, name_address, alone, decision ...
    evidence STRUCT(feature VARCHAR, outcome VARCHAR, weight DOUBLE)[] NOT NULL,
    matched_at TIMESTAMPTZ NOT NULL,
    model_version VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS match.companies (     -- one row per company that a placing link names
    company_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,                       -- register's name, else the best record's
    corporate_number VARCHAR,                    -- from the register or a record; an attribute, not the id
    prefecture VARCHAR,
    city VARCHAR,
    record_count INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS match.review_queue (  -- what a person should look at, most valuable first
    position INTEGER NOT NULL,
    record_id VARCHAR NOT NULL,
    other_record_id VARCHAR NOT NULL,
    company_id VARCHAR NOT NULL,                 -- the company that the record would join
    probability DOUBLE NOT NULL,
    evidence STRUCT(feature VARCHAR, outcome VARCHAR, weight DOUBLE)[] NOT NULL
);

CREATE TABLE IF NOT EXISTS match.inputs (        -- one row: a mark of everything that the links above rest on
    fingerprint VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS match.compared (      -- every pair that was compared and may be one company: the rivals of a match, and who was a candidate
    record_id VARCHAR NOT NULL,
    other_record_id VARCHAR NOT NULL,            -- a later record, or register:<number>
    score FLOAT NOT NULL                         -- bits; of an entry, by the name of it that fits best
);
