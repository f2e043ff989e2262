-- A link in review places nothing: the introduction stands without a company until a person has said which one it is.
with
    claims as (
        select claims.*, records.name, places.company_id
        from {{ ref("introduction_claims") }} as claims
        inner join {{ ref("records") }} as records using (record_id)
        inner join {{ source("config", "parties") }} as parties on parties.party = claims.partner
        left join
            {{ source("match", "links") }} as places
            on places.record_id = claims.record_id
            and places.verdict in ('auto', 'confirmed')
        where parties.stage <> 'ended'
    )

select
    claims.introduction_id,
    claims.partner,
    claims.company_id,
    coalesce(companies.name, claims.name) as company_name,
    claims.direction,
    claims.status,
    claims.requested_on,
    claims.accepted_on,
    claims.met_on,
    claims.closed_on,
    claims.amount,
    coalesce(claims.owner_name, ours.owner_name) as owner_name,
    account_map.cell,
    (coalesce(claims.closed_on, {{ as_of_date() }}) - claims.requested_on)::integer as age_days,
    claims.status not in ('won', 'declined') as is_open
from claims
left join {{ ref("company_profiles") }} as companies using (company_id)
left join {{ ref("our_companies") }} as ours using (company_id)
left join
    {{ ref("account_map") }} as account_map
    on account_map.partner = claims.partner
    and account_map.company_id = claims.company_id
