-- Who works on a company, or stands at it. Right of way: our deal's partner of record, then the claim that lives,
-- then the
-- partner that holds the company, then our own deal, then any other claim.
with
    claims as (
        select company_id, scope, partner as party, 'claim' as standing, if(is_live, 2, 5) as right_of_way, received_at
        from {{ ref("current_claims") }}
    ),

    deals_of_record as (
        select distinct
            deals.company_id,
            deals.scope,
            deals.partner_of_record as party,
            'partner_of_record' as standing,
            1 as right_of_way,
            null::timestamptz as received_at
        from {{ ref("our_open_deals") }} as deals
        inner join {{ source("config", "parties") }} as parties on parties.party = deals.partner_of_record
        where parties.stage = 'active'
    ),

    -- a holder with a claim of its own is a double registration already
    holders as (
        select company_id, '*' as scope, partner as party, 'standing_assignment' as standing, 3, null
        from {{ ref("assignments") }}
        anti join {{ ref("current_claims") }} using (company_id, partner)
    ),

    our_deals as (
        select distinct company_id, scope
        from {{ ref("our_open_deals") }}
        where through_partner is null
        union
        -- in a deal by its stage in the CRM alone
        select company_id, '*'
        from {{ ref("party_companies") }}
        anti join {{ ref("our_open_deals") }} using (company_id)
        where party = 'us' and status = 'open_opportunity'
    )

from claims
union all
from deals_of_record
union all
from holders
union all
select company_id, scope, 'us', 'our_open_opportunity', 4, null
from our_deals
