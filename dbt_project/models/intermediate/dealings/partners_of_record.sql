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

    named as (
        select our_accounts.record_id, partners.party as partner, 'partners_of_record.account' as reason
        from our_accounts
        inner join
            partners
            on our_accounts.connection = partners.connection
            and our_accounts.partner_of_record = partners.named
        semi join {{ ref("crm_record_texts") }} as records using (record_id)
        union all
        -- a lost deal leaves no relation behind
        select record_id, partner_of_record as partner, 'partners_of_record.opportunity' as reason
        from {{ ref("opportunities") }}
        where party = 'us' and partner_of_record is not null and (is_open or is_won)
    )

select record_id, partner, min(reason) as reason
from named
group by record_id, partner
