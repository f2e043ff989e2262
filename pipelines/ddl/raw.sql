-- What the sources said, as they said it. Append-only versions: a row per (connection, id, _synced_at); stg_* shows the newest.
CREATE SCHEMA IF NOT EXISTS raw;

CREATE TABLE IF NOT EXISTS raw.cursors (         -- committed in the transaction that lands the batch it follows
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    cursor JSON NOT NULL,
    synced_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (connection, object)
);

CREATE TABLE IF NOT EXISTS raw.full_pulls (      -- the last pull of everything, of each object
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,                        -- null: under way, over several runs if need be
    PRIMARY KEY (connection, object)
);

CREATE TABLE IF NOT EXISTS raw.met_in_full_pull (   -- records that the one under way has brought; what it never meets is gone
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    id VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS raw.partner_lists (   -- every version of a partner's list that was read, good or refused
    partner VARCHAR NOT NULL,
    list VARCHAR NOT NULL,
    version VARCHAR NOT NULL,                    -- <sha256 of the file>-<hash of how it is read>
    file VARCHAR NOT NULL,
    content VARCHAR NOT NULL,                    -- accounts | registrations | introductions
    kind VARCHAR NOT NULL,                       -- full | delta
    encoding VARCHAR,
    accepted BOOLEAN NOT NULL,
    reason VARCHAR,                              -- why it was refused
    row_count INTEGER NOT NULL,
    rejected_count INTEGER NOT NULL,
    modified_at TIMESTAMPTZ,                     -- of the file
    _synced_at TIMESTAMPTZ NOT NULL,
    _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_list_rows (   -- rows of accepted lists with content = accounts
    partner VARCHAR NOT NULL,
    list VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    row_number INTEGER NOT NULL,                 -- line or sheet row in the file, header = 1
    native_id VARCHAR,                           -- the mapped id column, null where the list has none
    name VARCHAR NOT NULL,
    name_kana VARCHAR, name_en VARCHAR, corporate_number VARCHAR, website VARCHAR, email VARCHAR, phone VARCHAR,
    postal_code VARCHAR, prefecture VARCHAR, address VARCHAR, industry VARCHAR, employees VARCHAR,
    status VARCHAR, owner VARCHAR, last_activity_on VARCHAR, amount VARCHAR, product VARCHAR, note VARCHAR,
    other JSON,                                  -- unmapped columns, heading -> text
    _synced_at TIMESTAMPTZ NOT NULL,
    _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_registration_rows (   -- rows of accepted lists with content = registrations
    partner VARCHAR NOT NULL,
    list VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    row_number INTEGER NOT NULL,
    native_id VARCHAR,                           -- the partner's registration number
    name VARCHAR NOT NULL,
    name_kana VARCHAR, name_en VARCHAR, corporate_number VARCHAR, website VARCHAR, email VARCHAR, phone VARCHAR,
    postal_code VARCHAR, prefecture VARCHAR, address VARCHAR,
    product VARCHAR, amount VARCHAR, registered_on VARCHAR, last_activity_on VARCHAR, status VARCHAR, owner VARCHAR, note VARCHAR,
    other JSON,
    _synced_at TIMESTAMPTZ NOT NULL,
    _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_introduction_rows (   -- rows of accepted lists with content = introductions
    partner VARCHAR NOT NULL,
    list VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    row_number INTEGER NOT NULL,
    native_id VARCHAR,                           -- the partner's number of the introduction
    name VARCHAR NOT NULL,
    name_kana VARCHAR, name_en VARCHAR, corporate_number VARCHAR, website VARCHAR, email VARCHAR, phone VARCHAR,
    postal_code VARCHAR, prefecture VARCHAR, address VARCHAR,
    direction VARCHAR, status VARCHAR, outcome VARCHAR,
    requested_on VARCHAR, accepted_on VARCHAR, met_on VARCHAR, closed_on VARCHAR,
    amount VARCHAR, product VARCHAR, owner VARCHAR, note VARCHAR,
    other JSON,
    _synced_at TIMESTAMPTZ NOT NULL,
    _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.rejected_rows (   -- bad input: named, set aside, counted
    source VARCHAR NOT NULL,                     -- partner id, connection or 'register'
    file VARCHAR NOT NULL,                       -- file name, or the CRM object
    row_number INTEGER,                          -- null: the fault is the file's
    column_name VARCHAR,
    reason VARCHAR NOT NULL,                     -- a sentence that says what to do
    reason_key VARCHAR NOT NULL,                 -- key in texts.csv
    value VARCHAR,                               -- the offending text, at most 200 characters
    whole_row BOOLEAN NOT NULL,                  -- true: the row was set aside; false: only this cell was
    _synced_at TIMESTAMPTZ NOT NULL,
    _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.company_register (    -- newest state of each 法人番号; the official layout's columns that we use
    corporate_number VARCHAR NOT NULL,
    process VARCHAR, change_date DATE,
    name VARCHAR NOT NULL, kind VARCHAR,
    prefecture VARCHAR, city VARCHAR, street VARCHAR, postal_code VARCHAR,
    close_date DATE, close_cause VARCHAR, successor_corporate_number VARCHAR,
    name_en VARCHAR, name_kana VARCHAR,
    _synced_at TIMESTAMPTZ NOT NULL              -- since when the entry has been as it is
);
ALTER TABLE raw.company_register ADD COLUMN IF NOT EXISTS update_date DATE;   -- of two states the one updated later is newer

CREATE TABLE IF NOT EXISTS raw.company_register_names (  -- states of entries that were seen under several names, one per name and day
    corporate_number VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    process VARCHAR,                             -- 11: the name was changed on change_date
    change_date DATE, update_date DATE
);

CREATE TABLE IF NOT EXISTS raw.edinet_companies (    -- each state in which EDINET's code lists showed a company
    edinet_code VARCHAR NOT NULL,
    corporate_number VARCHAR,                    -- older lists may lack it: the code then tells the company
    name VARCHAR NOT NULL, name_kana VARCHAR, name_en VARCHAR, address VARCHAR,
    first_listed_on DATE NOT NULL,               -- days of the lists
    last_listed_on DATE NOT NULL,
    _synced_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS raw.gbizinfo_companies (  -- newest row of each 法人番号 in gBizINFO's files
    corporate_number VARCHAR NOT NULL,
    name VARCHAR NOT NULL, name_kana VARCHAR, name_en VARCHAR,
    postal_code VARCHAR, address VARCHAR, website VARCHAR,
    close_date DATE, updated_on DATE,
    _synced_at TIMESTAMPTZ NOT NULL              -- since when the row has been as it is
);

CREATE TABLE IF NOT EXISTS raw.company_aliases (     -- other names of companies, from our own files
    file VARCHAR NOT NULL,
    row_number INTEGER NOT NULL,
    corporate_number VARCHAR,
    name VARCHAR,                                -- the company's registered name, where the file gives no number
    alias VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                       -- former | kana | english | short | trade
    valid_from DATE, valid_until DATE,
    _synced_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS raw.register_files (      -- which files the tables above were made from
    file VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    is_full BOOLEAN NOT NULL,                    -- false: a daily difference
    row_count BIGINT NOT NULL,
    rejected_count BIGINT NOT NULL,
    _synced_at TIMESTAMPTZ NOT NULL,
    _run_id VARCHAR
);
ALTER TABLE raw.register_files ADD COLUMN IF NOT EXISTS content VARCHAR DEFAULT 'register';   -- register | edinet | gbizinfo | aliases
ALTER TABLE raw.register_files ADD COLUMN IF NOT EXISTS left_out_count BIGINT DEFAULT 0;      -- rows that name no company with a 法人番号
