-- What must outlive a rebuild. Lives in state.duckdb (attached as "state"), small, backed up before each run.
CREATE TABLE IF NOT EXISTS state.decisions (     -- what a person said about a match; binds for ever
    record_id VARCHAR NOT NULL,
    other_record_id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,                   -- same | different | unsure
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR
);

CREATE TABLE IF NOT EXISTS state.company_ids (   -- minted once, kept when records join or leave
    record_id VARCHAR PRIMARY KEY,
    company_id VARCHAR NOT NULL,
    minted_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS state.registrations (     -- when we first received a claim: its priority
    claim_id VARCHAR PRIMARY KEY,                -- record_id of the claim
    partner VARCHAR NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS state.assignments (   -- exclusive whitespace held by one partner
    company_id VARCHAR NOT NULL,
    partner VARCHAR NOT NULL,
    assigned_on DATE NOT NULL,
    held_until DATE NOT NULL,
    rule VARCHAR NOT NULL,                       -- the arbitration rule that decided
    PRIMARY KEY (company_id)
);

CREATE TABLE IF NOT EXISTS state.first_seen (    -- since when a row of the map, or a collision, exists
    kind VARCHAR NOT NULL,                       -- account_map | collision
    key VARCHAR NOT NULL,                        -- <partner>|<company_id>, or the collision_id
    first_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE IF NOT EXISTS state.journal (       -- written ahead of each call, settled after it
    change_id VARCHAR PRIMARY KEY,               -- one field of one record in one run
    run_id VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,                  -- the CRM's own id, or the external id of a row to create
    field VARCHAR NOT NULL,
    before VARCHAR,
    after VARCHAR,
    rule VARCHAR,
    result VARCHAR NOT NULL,                     -- pending | written | failed | unknown
    error VARCHAR,
    journaled_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ
);

CREATE TABLE IF NOT EXISTS state.sent (          -- what we last sent, field by field: the base of the three-way compare
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (connection, object, record_id, field)
);

CREATE TABLE IF NOT EXISTS state.conflicts (     -- a person changed a field of ours: left as it is, shown
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    ours VARCHAR,
    theirs VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    resolved_at TIMESTAMPTZ,
    PRIMARY KEY (connection, object, record_id, field)
);
