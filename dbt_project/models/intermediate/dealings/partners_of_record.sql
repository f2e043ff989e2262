with
    our_accounts as (
        select record_id, connection, partner_of_record
        from {{ ref("stg_salesforce__accounts") }}
        where party = 'us'
        union all
        select record_id, connection, partner_of_record
        from {{ ref("stg_hubspot__companies") }}
        where party = 'us'
    ),

    partners as ({{ named_partners("our_accounts", "connection", "partner_of_record") }}),

    account_fields as (
        select our_accounts.record_id, partners.party as partner, 'partners_of_record.account' as reason
        from our_accounts
        inner join
            partners
            on our_accounts.connection = partners.connection
            and our_accounts.partner_of_record = partners.named
    ),

    account_partners as (
        select
            {{ record_id("Account", "listed.account_id", "listed.connection") }} as record_id,
            accounts.party as partner,
            'partners_of_record.account_partner' as reason
        from {{ ref("stg_salesforce__account_partners") }} as listed
        inner join
            {{ source("config", "party_accounts") }} as accounts
            on accounts.connection = listed.connection
            and accounts.native_id = listed.partner_account_id
        where listed.party = 'us'
    ),

    -- a lost deal leaves no relation behind
    deals as (
        select opportunity_id, record_id, partner_of_record
        from {{ ref("opportunities") }}
        where party = 'us' and (is_open or is_won)
    ),

    named as (
        select *
        from account_fields
        union all
        select *
        from account_partners
        union all
        select record_id, partner_of_record, 'partners_of_record.opportunity'
        from deals
        anti join
            {{ ref("opportunity_partners") }} as listed
            on listed.opportunity_id = deals.opportunity_id
            and listed.partner = deals.partner_of_record
        where partner_of_record is not null
        union all
        select deals.record_id, listed.partner, 'partners_of_record.opportunity_partner'
        from deals
        inner join {{ ref("opportunity_partners") }} as listed using (opportunity_id)
    )

-- the reasons' order by name is that of their weight
select named.record_id, named.partner, min(named.reason) as reason
from named
semi join {{ ref("crm_record_texts") }} as records using (record_id)
group by named.record_id, named.partner
