-- What the CRMs said: a row per version of a CRM record, appended by each pull. The newest by (connection, id) is the one
-- with the latest _synced_at, then the latest modified_at. All tables have the same columns and exist from the first run
-- on, so that the models that read them build when a CRM is not in use.
--   connection    name in account_mapping.yaml
--   modified_at   the CRM's own modification stamp; our own writes move it too
--   payload       the native columns asked for, native values; on HubSpot's contacts, deals, tasks and meetings also
--                 associated_company_ids, an array of ids. In the _registration and _introduction tables also _object: they hold
--                 whatever object of ours the yaml gives the role registered_by, or introduced_with
--   _deleted      gone from the CRM; _merged_into names the record that it was merged into
CREATE SCHEMA IF NOT EXISTS raw;

-- Our own CRMs
CREATE TABLE IF NOT EXISTS raw.salesforce_account (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_lead (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_opportunity (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_contact (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_user (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_task (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_event (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_opportunitypartner (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_accountpartner (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_registration (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.salesforce_introduction (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_companies (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_contacts (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_deals (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_owners (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_tasks (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_meetings (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_registration (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.hubspot_introduction (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

-- Partners' own CRMs
CREATE TABLE IF NOT EXISTS raw.partner_salesforce_account (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_salesforce_opportunity (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_salesforce_user (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_hubspot_companies (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_hubspot_deals (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS raw.partner_hubspot_owners (
    connection VARCHAR NOT NULL, id VARCHAR NOT NULL, modified_at TIMESTAMPTZ, payload JSON,
    _deleted BOOLEAN NOT NULL, _merged_into VARCHAR, _synced_at TIMESTAMPTZ NOT NULL, _run_id VARCHAR
);
