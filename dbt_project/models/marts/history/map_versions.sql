-- One row per partner and company that anything is said of, and one per company of ours.
with
    claims as (
        select
            partner,
            company_id,
            -- a claim that holds tells more than one that ended, and that more than one that never held
            first(
                status
                order by
                    {{ is_live_claim("status") }} desc,
                    status = 'submitted' desc,
                    status = 'rejected',
                    received_at desc,
                    md5(claim_id)
            ) as registration_status
        from {{ ref("registrations") }}
        where company_id is not null
        group by partner, company_id
    ),

    offered as (select distinct partner, company_id, true as is_whitespace from {{ ref("whitespace") }}),

    bars as (
        select partner, company_id, first(rule order by {{ rule_rank("rule") }}) as no_approach_rule
        from {{ ref("no_approach") }}
        where scope = '*'  -- a bar in one product line leaves the others open
        group by partner, company_id
    ),

    pairs as (
        select
            partner as party,
            company_id,
            coalesce(map.partner_status, 'absent') as partner_status,
            map.cell,
            claims.registration_status,
            coalesce(offered.is_whitespace, false) as is_whitespace,
            bars.no_approach_rule
        from {{ ref("account_map") }} as map
        full join claims using (partner, company_id)
        full join offered using (partner, company_id)
        full join bars using (partner, company_id)
    ),

    ours as (select company_id, status from {{ ref("party_companies") }} where party = 'us')

select
    pairs.party,
    pairs.company_id,
    coalesce(ours.status, 'absent') as our_status,
    pairs.partner_status,
    pairs.cell,
    pairs.registration_status,
    pairs.is_whitespace,
    pairs.no_approach_rule
from pairs
left join ours using (company_id)
union all
select 'us', company_id, status, 'absent', null, null, false, null
from ours
