-- What was shared with partners and what they sent back. Lives in state.duckdb.
CREATE TABLE IF NOT EXISTS state.sharing_policies (      -- every policy that anything was shared under
    partner VARCHAR NOT NULL,
    policy_version VARCHAR NOT NULL,
    policy VARCHAR NOT NULL,                     -- JSON: the policy whole
    first_used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner, policy_version)
);

CREATE TABLE IF NOT EXISTS state.share_secret (  -- one row, minted once: without it no partner can tell whose record a row's key is made of
    secret VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS state.sharing_log (   -- a row of a share as it stood: written before it leaves, closed when it is withdrawn
    entry_id VARCHAR PRIMARY KEY,
    partner VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,                    -- folder | email | <connection>
    list VARCHAR NOT NULL,                       -- whitespace | no_approach | overlaps | introductions | registrations | summary
    row_key VARCHAR NOT NULL,
    company_id VARCHAR,                          -- null: a count, or a company that is not placed
    company_name VARCHAR,                        -- as the partner was told it
    fields VARCHAR[] NOT NULL,                   -- the fields that went out, empty ones left out
    content VARCHAR NOT NULL,                    -- JSON: field -> value as it went out; the place on a list, which moves with others, aside
    policy_version VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,                  -- as of when it was true
    shared_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,                    -- null: it stands with the partner
    withdrawn_because VARCHAR                    -- changed | no_longer_so | policy | ended
);

CREATE TABLE IF NOT EXISTS state.share_deliveries (      -- what each way out holds now; the newest of a partner and channel counts
    partner VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,                     -- of everything in it but its moment: the same is not delivered again
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    delivered_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ,                      -- the newest change in our CRMs that it shows
    withdrawn BOOLEAN NOT NULL                   -- it was emptied
);

CREATE TABLE IF NOT EXISTS state.shared_counts ( -- the counts that a partner was told last: they stand until enough has changed
    partner VARCHAR NOT NULL,
    our_status VARCHAR NOT NULL,
    partner_status VARCHAR NOT NULL,
    at_least INTEGER NOT NULL,
    counted_at TIMESTAMPTZ NOT NULL,             -- as_of of the run that counted
    PRIMARY KEY (partner, our_status, partner_status)
);

CREATE TABLE IF NOT EXISTS state.share_returns ( -- rows of workbooks that partners sent back: nothing of them counts until a person accepts it
    return_id VARCHAR PRIMARY KEY,               -- digest of partner, file and row: the same file twice adds nothing
    partner VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    row_number INTEGER NOT NULL,
    kind VARCHAR NOT NULL,                       -- status | registration | introduction | not_same | already_served | not_wanted | comment
    row_key VARCHAR,                             -- of the row that was shared; null where the partner added one
    company_id VARCHAR,
    record_id VARCHAR,                           -- the partner's own record, where the row had one
    company_name VARCHAR NOT NULL,               -- as it stands in the returned file
    content VARCHAR NOT NULL,                    -- JSON: what the partner says, and as "key" what tells the row from others
    received_at TIMESTAMPTZ NOT NULL,
    verdict VARCHAR NOT NULL,                    -- waiting | accepted | rejected | superseded
    decided_by VARCHAR,
    decided_at TIMESTAMPTZ,
    reason VARCHAR
);
