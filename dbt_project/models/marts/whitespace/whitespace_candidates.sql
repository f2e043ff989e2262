with
    listed as (select partner, company_id, our_status, partner_status from {{ ref("account_map") }}),

    offered as (
        select
            pairs.partner,
            pairs.company_id,
            coalesce(listed.our_status, 'target') as our_status,
            coalesce(listed.partner_status, 'absent') as partner_status,
            pairs.is_target_in_territory
        from {{ ref("approach_pairs") }} as pairs
        left join listed using (partner, company_id)
        where listed.partner is not null or pairs.is_target_in_territory
    ),

    live_claims as (
        select distinct partner, company_id from {{ ref("registrations") }} where status in ('pending', 'approved')
    )

select
    offered.partner,
    offered.company_id,
    offered.our_status,
    offered.partner_status,
    case
        offered.partner_status
        when 'customer'
        then 'whitespace.their_customer'
        when 'open_opportunity'
        then 'whitespace.their_open_opportunity'
        when 'target'
        then 'whitespace.their_target'
        when 'known'
        then 'whitespace.on_their_list'
        else 'whitespace.in_territory'
    end as reason_key,
    parties.exclusive,
    live_claims.partner is not null as has_live_claim,
    offered.is_target_in_territory
from offered
inner join {{ source("config", "parties") }} as parties on parties.party = offered.partner
left join live_claims using (partner, company_id)
anti join {{ ref("no_approach") }} as no_approach using (partner, company_id)
anti join {{ ref("whitespace_withheld") }} as withheld using (partner, company_id)
where offered.our_status in ('target', 'known', 'absent')
