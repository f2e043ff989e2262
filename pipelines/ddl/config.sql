-- What account_mapping.yaml says, as tables that dbt reads. Rewritten whole at the start of every run.
CREATE SCHEMA IF NOT EXISTS config;

CREATE TABLE IF NOT EXISTS config.run (          -- one row: time is an input
    run_id VARCHAR NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,
    as_of_date DATE NOT NULL,                    -- as_of in the vendor's time zone
    time_zone VARCHAR NOT NULL,
    language VARCHAR NOT NULL                    -- ja | en: language of the texts written into the CRMs
);

CREATE TABLE IF NOT EXISTS config.parties (
    party VARCHAR NOT NULL,                      -- 'us' or the partner's id
    name VARCHAR NOT NULL,
    party_type VARCHAR NOT NULL,                 -- us | reseller | technology | investor | advisor
    stage VARCHAR NOT NULL,                      -- prospective | active | ended ('active' for us)
    exclusive BOOLEAN NOT NULL,                  -- whitespace of this partner is given to one partner only
    whitespace_cap INTEGER,                      -- null: no cap
    registration_approval VARCHAR NOT NULL,      -- manual | automatic
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
    content VARCHAR NOT NULL,                    -- accounts | registrations
    kind VARCHAR NOT NULL,                       -- full | delta
    default_status VARCHAR                       -- customer | open_opportunity | target | known | null
);

CREATE TABLE IF NOT EXISTS config.field_roles (  -- which native field of a CRM plays which role for us
    connection VARCHAR NOT NULL,
    object VARCHAR NOT NULL,                     -- Account, Opportunity, companies, deals ...
    role VARCHAR NOT NULL,                       -- corporate_number, name_kana, name_en, partner_of_record, registered_by, registered_on, registration_status ...
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

CREATE TABLE IF NOT EXISTS config.no_approach_rules (
    partner VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,                       -- our_customer | our_open_opportunity | registered_by_other | customer_of_other_partner | out_of_contract
    enabled BOOLEAN NOT NULL,
    days INTEGER                                 -- our_customer: churned for; our_open_opportunity: without activity for; registered_by_other: protection period
);

CREATE TABLE IF NOT EXISTS config.territories (  -- no row of a kind: that kind does not limit the contract
    partner VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                       -- prefecture | industry
    value VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.restricted (   -- legal, 反社, competitors: no end, beats every override
    partner VARCHAR,                             -- null: all partners
    corporate_number VARCHAR,
    name VARCHAR,
    reason VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS config.parameters (   -- single numbers of the rules, by name
    name VARCHAR NOT NULL,                       -- customer_months, churn_days, assignment_days, registration_pending_days, registration_protection_days, list_silent_days
    value DOUBLE NOT NULL
);
