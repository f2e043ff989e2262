-- What account_mapping.yaml says, as tables that dbt reads. Rewritten whole at the start of every run.
CREATE SCHEMA IF NOT EXISTS config;

CREATE TABLE IF NOT EXISTS config.run (          -- one row: time is an input
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    as_of_date DATE NOT NULL,                    -- as_of in the vendor's time zone
    time_zone VARCHAR NOT NULL,
    language VARCHAR NOT NULL,                   -- ja | en: language of the texts written into the CRMs
    currency VARCHAR NOT NULL                    -- ours; every amount of the marts is in it
);

CREATE TABLE IF NOT EXISTS config.parties (
    party VARCHAR NOT NULL,                      -- 'us' or the partner's id
    name VARCHAR NOT NULL,
    party_type VARCHAR NOT NULL,                 -- us | reseller | technology | investor | advisor
    stage VARCHAR NOT NULL,                      -- prospective | active | ended ('active' for us)
    exclusive BOOLEAN NOT NULL,                  -- whitespace of this partner is given to one partner only
    whitespace_cap INTEGER,                      -- null: no cap
    position INTEGER NOT NULL                    -- order in the yaml
);

CREATE TABLE IF NOT EXISTS config.connections (
    connection VARCHAR NOT NULL,
    crm VARCHAR NOT NULL,                        -- salesforce | hubspot
    party VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.partner_lists (
    partner VARCHAR NOT NULL,
    list VARCHAR NOT NULL,                       -- name of the list, unique within the partner
    content VARCHAR NOT NULL,                    -- accounts | registrations | introductions
    kind VARCHAR NOT NULL,                       -- full | delta
    default_status VARCHAR                       -- customer | open_opportunity | target | known | null
);

CREATE TABLE IF NOT EXISTS config.field_roles (  -- which native field of a CRM plays which role for us
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,                     -- Account, Opportunity, companies, deals ...
    role VARCHAR NOT NULL,                       -- docs/crm-setup.md, Roles of fields, has those of each object
    field VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.party_accounts (   -- the CRM account that stands for a partner
    party VARCHAR NOT NULL,
    connection VARCHAR NOT NULL,
    native_id VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.status_words ( -- words of one party's own status column, beside the seed status_words
    party VARCHAR NOT NULL,
    word VARCHAR NOT NULL,
    status VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.segments (     -- one way for a record to have a status: all its conditions hold on one row of the object
    party VARCHAR NOT NULL,
    source VARCHAR NOT NULL,                     -- salesforce | hubspot | file
    object VARCHAR NOT NULL,                     -- Account, Opportunity, Lead, companies, deals, contacts ...; 'row' for files
    status VARCHAR NOT NULL,                     -- customer | open_opportunity | target | churned (takes customer away)
    alternative INTEGER NOT NULL,                -- numbered within (party, source, status)
    since_field VARCHAR                          -- field whose date tells since when
);

CREATE TABLE IF NOT EXISTS config.segment_conditions (
    party VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    alternative INTEGER NOT NULL,
    condition INTEGER NOT NULL,
    field VARCHAR NOT NULL,
    operator VARCHAR NOT NULL,                   -- is, is_not, in, not_in, contains, starts_with, empty, not_empty, at_least, at_most, [not_]within_days, [not_]within_months
    value VARCHAR[] NOT NULL
);

CREATE TABLE IF NOT EXISTS config.status_order ( -- of several statuses the cell takes the lowest rank
    status VARCHAR NOT NULL,
    rank INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS config.registration_terms (
    partner VARCHAR NOT NULL,
    approval VARCHAR NOT NULL,                   -- manual | automatic
    pending_days INTEGER NOT NULL,               -- business days
    protection_days INTEGER NOT NULL,
    activity_days INTEGER NOT NULL,
    grace_days INTEGER NOT NULL,
    extension_days INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS config.no_approach_rules (
    partner VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,                       -- our_customer | our_open_opportunity | registered_by_other | customer_of_other_partner | out_of_contract
    enabled BOOLEAN NOT NULL,
    days INTEGER,                                -- our_customer: churned for; our_open_opportunity: without activity for
    reach VARCHAR NOT NULL,                      -- company | group
    by_product_line BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS config.territories (  -- no row of a kind: that kind does not limit the contract
    partner VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                       -- prefecture | industry | product_line | employees_at_least | employees_at_most
    value VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.restricted (   -- legal, 反社, competitors: no end, beats every override
    partner VARCHAR,                             -- null: all partners
    corporate_number VARCHAR,
    name VARCHAR,
    product_line VARCHAR,                        -- null: all
    reach VARCHAR NOT NULL,                      -- company | group
    reason VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.product_lines (    -- scopes of no-approach rows and registrations, beside '*'
    product_line VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS config.product_words (    -- how deals and registrations name a product line
    product_line VARCHAR NOT NULL,
    word VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.group_members (    -- groups that the yaml states beside the CRM's parent fields; position 1 heads the group
    group_name VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    corporate_number VARCHAR,
    name VARCHAR
);

CREATE TABLE IF NOT EXISTS config.exchange_rates (   -- our own currency stands in it with rate 1
    currency VARCHAR NOT NULL,
    rate DOUBLE NOT NULL,                        -- how much of our currency one unit is worth
    stated_on DATE
);

CREATE TABLE IF NOT EXISTS config.alert_kinds (
    kind VARCHAR NOT NULL                        -- new_overlap | new_collision | claim_lapsing | change_set_held
);

CREATE TABLE IF NOT EXISTS config.parameters (   -- single numbers of the rules, by name
    name VARCHAR NOT NULL,                       -- assignment_days, minimum_n, cooling_days, ghost_days, alert_lapsing_days, fiscal_year_starts_in
    value DOUBLE NOT NULL
);

CREATE TABLE IF NOT EXISTS config.plan_rates (   -- of account plans: what is stated instead of measured
    partner VARCHAR NOT NULL,
    cell INTEGER NOT NULL,
    rate DOUBLE NOT NULL                         -- deals a year for each company of the cell, 0 to 1
);

CREATE TABLE IF NOT EXISTS config.matching (     -- one row
    stated_precision DOUBLE NOT NULL,            -- share of the automatic links that is to be right
    review DOUBLE NOT NULL,                      -- lowest probability that is worth a person's look
    model VARCHAR NOT NULL                       -- auto | shipped | a version of state.match_models
);

CREATE TABLE IF NOT EXISTS config.sharing_policies (     -- one row per partner: the default with its own entries
    partner VARCHAR NOT NULL,
    policy_version VARCHAR NOT NULL,             -- changes with anything that the policy allows
    approved_by VARCHAR,                         -- null: nothing is shared
    until DATE,                                  -- last day
    minimum_count INTEGER NOT NULL,
    lists VARCHAR[] NOT NULL,                    -- whitespace | no_approach | overlaps | introductions | registrations | summary
    fields VARCHAR[] NOT NULL                    -- settings/sharing.py has their names
);

CREATE TABLE IF NOT EXISTS config.sharing_levels (       -- what is not named is hidden
    partner VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                       -- status | cell
    key VARCHAR NOT NULL,                        -- one of our statuses, absent included, or the number of a cell
    level VARCHAR NOT NULL                       -- hidden | counts | overlaps | all
);

CREATE TABLE IF NOT EXISTS config.partner_terms (        -- to which use a partner gives us what it has
    partner VARCHAR NOT NULL,
    use VARCHAR NOT NULL,                        -- mapping_only | crm_fields | plans
    until DATE                                   -- last day; afterwards mapping_only
);
