-- What must outlive a rebuild. Lives in state.duckdb (attached as "state"), small, backed up before each run.
CREATE TABLE IF NOT EXISTS state.decisions (     -- what a person said about a match; binds for ever
    record_id VARCHAR NOT NULL,
    other_record_id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,                   -- same | different | unsure | withdrawn: open again
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

CREATE TABLE IF NOT EXISTS state.registration_decisions (    -- what the partner manager said of a claim; the newest of a claim counts
    claim_id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,                   -- approved | rejected | extended | withdrawn
    until DATE,                                  -- extended: protected until, that day included
    reason VARCHAR,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS state.override_confirmations (    -- a rep's allow against another partner's live registration takes effect only so
    record_id VARCHAR NOT NULL,                  -- the CRM record that carries the override
    partner VARCHAR,                             -- null: all partners
    until DATE NOT NULL,                         -- the override's end as it was confirmed; an override that is prolonged needs a new one
    reason VARCHAR,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS state.assignments (   -- exclusive whitespace held by one partner
    company_id VARCHAR NOT NULL,
    partner VARCHAR NOT NULL,
    assigned_on DATE NOT NULL,
    held_until DATE NOT NULL,
    rule VARCHAR NOT NULL,                       -- the arbitration rule that decided
    PRIMARY KEY (company_id)
);

CREATE TABLE IF NOT EXISTS state.first_seen (    -- since when a row of the map exists
    kind VARCHAR NOT NULL,                       -- account_map
    key VARCHAR NOT NULL,                        -- <partner>|<company_id>
    first_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE IF NOT EXISTS state.collisions (    -- every collision ever seen; the open ones have no resolved_at
    collision_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    company_id VARCHAR NOT NULL,
    company_name VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    parties VARCHAR NOT NULL,                    -- as last seen
    severity VARCHAR NOT NULL,
    who_must_act VARCHAR NOT NULL,
    suggested_winner VARCHAR,
    rule VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    resolved_at TIMESTAMPTZ                      -- as_of of the first run that no longer found it
);

CREATE TABLE IF NOT EXISTS state.map_runs (      -- the runs that the history below was written by
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ PRIMARY KEY
);

CREATE TABLE IF NOT EXISTS state.map_history (   -- the map as of any past run: a row per version of (party, company)
    party VARCHAR NOT NULL,                      -- a partner: its pair with us; 'us': our own status
    company_id VARCHAR NOT NULL,
    our_status VARCHAR NOT NULL,                 -- absent, known, target, open_opportunity, customer
    partner_status VARCHAR NOT NULL,             -- 'absent' in rows of 'us'
    cell INTEGER,
    registration_status VARCHAR,                 -- of the partner's own claim, null where it has none
    is_whitespace BOOLEAN NOT NULL,
    no_approach_rule VARCHAR,                    -- the gravest, null where the partner may approach
    valid_from TIMESTAMPTZ NOT NULL,             -- as_of of the run that first saw it so
    valid_until TIMESTAMPTZ                      -- as_of of the run that saw it otherwise; null: holds
);

CREATE TABLE IF NOT EXISTS state.alerts (        -- what was alerted, written before it is sent: nothing goes out twice
    alert_id VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,                    -- slack | email
    owner VARCHAR,
    sent_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (alert_id, channel)
);

CREATE TABLE IF NOT EXISTS state.alert_runs (    -- the runs whose news were alerted, or would have been: later runs alert what is newer
    as_of TIMESTAMPTZ PRIMARY KEY
);

CREATE TABLE IF NOT EXISTS state.journal (       -- written ahead of each call, settled after it
    change_id VARCHAR PRIMARY KEY,               -- one field of one record in one run
    run_id VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,                     -- Account, companies, Totsugo_Account_Map__c, list:<partner>:whitespace ...
    record_id VARCHAR NOT NULL,                  -- the CRM's own id, or the external id of a row to create
    kind VARCHAR NOT NULL,                       -- update | create | remove: what happens to the record
    field VARCHAR NOT NULL,                      -- column of the mart
    before VARCHAR,                              -- canonical
    after VARCHAR,
    before_native VARCHAR,                       -- JSON: the value as the CRM held it, for the undo
    rule VARCHAR,
    result VARCHAR NOT NULL,                     -- pending | written | failed
    error VARCHAR,
    journaled_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    undone_by VARCHAR                            -- run id of the undo that put `before` back
);

CREATE TABLE IF NOT EXISTS state.sent (          -- what we last sent, field by field: the base of the three-way compare
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR,
    sent_at TIMESTAMPTZ NOT NULL,                -- just before the call
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
    answer VARCHAR,                              -- restore: ours may be written over `theirs`, and over nothing else. override: made a dated override
    answered_by VARCHAR,
    answered_at TIMESTAMPTZ,
    reason VARCHAR,
    PRIMARY KEY (connection, object, record_id, field)
);

CREATE TABLE IF NOT EXISTS state.overrides (     -- the partner manager's own allow or block, made from a conflict; holds like a rep's in the CRM
    record_id VARCHAR NOT NULL,                  -- <connection>:<object>:<native id>
    override VARCHAR NOT NULL,                   -- allow | block
    partner VARCHAR,                             -- null: all partners
    reason VARCHAR NOT NULL,
    until DATE NOT NULL,                         -- that day included
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS state.holds (         -- records that an undo put back: no run writes them until a person releases them
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,                     -- the run that was undone
    held_by VARCHAR NOT NULL,
    held_at TIMESTAMPTZ NOT NULL,
    released_by VARCHAR,
    released_at TIMESTAMPTZ,
    PRIMARY KEY (connection, object, record_id)
);

CREATE TABLE IF NOT EXISTS state.change_sets (   -- change sets that a brake held, and what became of them
    change_set_id VARCHAR PRIMARY KEY,           -- a digest of its content: the same changes have the same id
    run_id VARCHAR NOT NULL,                     -- the run that planned it last
    as_of TIMESTAMPTZ NOT NULL,
    planned_at TIMESTAMPTZ NOT NULL,
    records BIGINT NOT NULL,
    fields BIGINT NOT NULL,
    brakes VARCHAR[] NOT NULL,                   -- why it was held, in words
    status VARCHAR NOT NULL,                     -- held | approved | applied
    approved_by VARCHAR,
    approved_at TIMESTAMPTZ,
    reason VARCHAR,
    applied_by_run VARCHAR
);

CREATE TABLE IF NOT EXISTS state.let_through (   -- changes that no brake held, or a person approved, and for which the calls of the run did not last
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    before VARCHAR,
    after VARCHAR,
    PRIMARY KEY (connection, object, record_id, field)
);

CREATE TABLE IF NOT EXISTS state.run_measures (  -- what the last run that was let write rested on: a brake names what has moved since
    name VARCHAR PRIMARY KEY,                    -- of marts.run_measures, and as_of
    value DOUBLE NOT NULL,
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL
);

-- A state that an earlier version made lacks these.
ALTER TABLE state.journal ADD COLUMN IF NOT EXISTS kind VARCHAR DEFAULT 'update';
ALTER TABLE state.journal ADD COLUMN IF NOT EXISTS before_native VARCHAR;
ALTER TABLE state.journal ADD COLUMN IF NOT EXISTS undone_by VARCHAR;
ALTER TABLE state.conflicts ADD COLUMN IF NOT EXISTS answer VARCHAR;
ALTER TABLE state.conflicts ADD COLUMN IF NOT EXISTS answered_by VARCHAR;
ALTER TABLE state.conflicts ADD COLUMN IF NOT EXISTS answered_at TIMESTAMPTZ;
ALTER TABLE state.conflicts ADD COLUMN IF NOT EXISTS reason VARCHAR;

CREATE TABLE IF NOT EXISTS state.company_events (    -- companies that were merged or split by a matching
    event VARCHAR NOT NULL,                      -- merged: nobody stayed | split: some records stayed
    company_id VARCHAR NOT NULL,                 -- the company that the records left
    into_company_id VARCHAR NOT NULL,            -- the company that they are in now
    record_count INTEGER NOT NULL,               -- how many moved
    happened_at TIMESTAMPTZ NOT NULL,            -- as_of of the run
    run_id VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS state.match_models (  -- weights of matching that people's decisions taught, used or not
    version VARCHAR PRIMARY KEY,                 -- learned-<n>; match.links.model_version
    based_on VARCHAR NOT NULL,                   -- the shipped version whose features it weighs
    compared_with VARCHAR NOT NULL,              -- the version that was in force when it was made
    made_at TIMESTAMPTZ NOT NULL,                -- as_of of the run
    run_id VARCHAR NOT NULL,
    decisions INTEGER NOT NULL,                  -- that taught it, those held back aside
    held_back INTEGER NOT NULL,                  -- decisions that both were tried on
    strength DOUBLE NOT NULL,                    -- how many observations the shipped weights count as
    train_loss DOUBLE NOT NULL,                  -- mean surprise in bits at the decisions that taught it ...
    train_loss_before DOUBLE NOT NULL,           -- ... and of the version it was compared with
    loss DOUBLE NOT NULL,                        -- the same for the decisions held back
    loss_before DOUBLE NOT NULL,
    gain_low DOUBLE NOT NULL,                    -- by which the loss falls at least, with 95% certainty
    wrong INTEGER NOT NULL,                      -- automatic links among those held back that people call different
    wrong_before INTEGER NOT NULL,
    missed INTEGER NOT NULL,                     -- pairs among them that people call the same, and nobody would be asked about
    missed_before INTEGER NOT NULL,
    weights VARCHAR NOT NULL,                    -- CSV: feature, outcome, context, bits
    verdict VARCHAR NOT NULL,                    -- accepted | refused
    reason VARCHAR NOT NULL                      -- better | not_better | more_wrong_links
);

CREATE TABLE IF NOT EXISTS state.match_lessons ( -- the decisions behind each of these versions
    version VARCHAR NOT NULL,
    record_id VARCHAR NOT NULL,                  -- both in the order of the alphabet
    other_record_id VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,                   -- same | different
    held_back BOOLEAN NOT NULL,                  -- tried on it, never taught by it
    may_place BOOLEAN NOT NULL,                  -- could be linked without a person, were it probable enough
    probability DOUBLE NOT NULL                  -- by this version
);

CREATE TABLE IF NOT EXISTS state.match_quality ( -- how well each run matched: drift is told against the last one
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    party VARCHAR NOT NULL,                      -- '*' for all of them
    records INTEGER NOT NULL,
    matched INTEGER NOT NULL,                    -- records whose company the register or another party knows
    auto INTEGER NOT NULL,                       -- records that evidence placed
    confirmed INTEGER NOT NULL,                  -- records that people placed
    alone INTEGER NOT NULL,                      -- records that nothing placed
    review INTEGER NOT NULL,                     -- questions that wait for a person
    expected_false DOUBLE NOT NULL,              -- sum of 1 - probability over the automatic links
    mean_probability DOUBLE,                     -- of the automatic links
    model_version VARCHAR NOT NULL,
    PRIMARY KEY (run_id, party)
);
