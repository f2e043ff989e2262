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
                    status in ('pending', 'approved', 'extended') desc,
                    status = 'submitted' desc,
                    status = 'rejected',
                    received_at desc,
                    md5(claim_id)
            ) as registration_status
        from {{ ref("registrations") }}
        where company_id is not null
        group by partner, company_id
    ),

    bars as (
        select partner, company_id, first(rule order by {{ rule_rank("rule") }}) as no_approach_rule
        from {{ ref("no_approach") }}
        where scope = '*'  -- a bar in one product line leaves the others open
        group by partner, company_id
    ),

    facts as (
        select partner, company_id, partner_status, cell
        from {{ ref("account_map") }}
        union all by name
        select partner, company_id, registration_status
        from claims
        union all by name
        select distinct partner, company_id, true as is_whitespace
        from {{ ref("whitespace") }}
        union all by name
        select partner, company_id, no_approach_rule
        from bars
    ),

    pairs as (
        select
            partner as party,
            company_id,
            coalesce(max(partner_status), 'absent') as partner_status,
            max(cell) as cell,
            max(registration_status) as registration_status,
            coalesce(bool_or(is_whitespace), false) as is_whitespace,
            max(no_approach_rule) as no_approach_rule
        from facts
        group by partner, company_id
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
