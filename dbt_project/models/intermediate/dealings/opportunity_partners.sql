with
    partners as (
        select
            {{ record_id("Opportunity", "listed.opportunity_id", "listed.connection") }} as opportunity_id,
            accounts.party as partner,
            bool_or(listed.is_primary) as is_primary,
            min(parties.position) as position
        from {{ ref("stg_salesforce__opportunity_partners") }} as listed
        inner join
            {{ source("config", "party_accounts") }} as accounts
            on accounts.connection = listed.connection
            and accounts.native_id = listed.partner_account_id
        inner join {{ source("config", "parties") }} as parties on parties.party = accounts.party
        where listed.party = 'us'
        group by all
    )

select
    opportunity_id,
    partner,
    row_number() over (partition by opportunity_id order by is_primary desc, position, partner) as place
from partners
where opportunity_id is not null
