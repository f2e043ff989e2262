-- What matching keeps between runs so that it compares only what is new; can be dropped at any time, and is not published.
-- Its tables are made by pipelines/matching, for their columns follow the features that are compared.
CREATE SCHEMA IF NOT EXISTS prepared;

CREATE TABLE IF NOT EXISTS prepared.marks (      -- what the other tables rest on
    name VARCHAR PRIMARY KEY,                    -- register | scores
    mark VARCHAR NOT NULL
);
