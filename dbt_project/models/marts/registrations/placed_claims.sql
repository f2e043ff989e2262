-- Which company each claim means. Not map_records alone: claims of ended partners are told why they hold nothing.
with
    placed as (select record_id, company_id from {{ source("match", "links") }} where verdict in ('auto', 'confirmed')),

    claims as (
        select claims.*, placed.company_id
        from {{ ref("registration_claims") }} as claims
        inner join placed using (record_id)
    ),

    -- companies that somebody has on a list or in a CRM, not only in a claim
    recorded as (
        select distinct placed.company_id
        from placed
        inner join {{ ref("records") }} as records using (record_id)
        semi join claims using (company_id)
        where records.object not in ('registration', 'introduction')
    ),

    in_review as (
        select distinct claims.claim_id
        from claims
        inner join {{ source("match", "links") }} as links using (record_id)
        anti join recorded on recorded.company_id = claims.company_id
        where links.verdict = 'review' and links.company_id <> claims.company_id
    ),

    activities as (
        select map_records.company_id, activities.party as partner, max(activities.activity_on) as active_on
        from {{ ref("activities") }} as activities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        semi join claims on claims.company_id = map_records.company_id and claims.partner = activities.party
        where activities.activity_on <= {{ as_of_date() }}
        group by map_records.company_id, activities.party
    )

select
    claims.claim_id,
    claims.partner,
    claims.company_id,
    claims.scope,
    claims.product,
    claims.amount,
    claims.crm_status,
    claims.received_at,
    {{ local_date("claims.received_at") }} as received_on,
    greatest(
        if(claims.last_activity_on <= {{ as_of_date() }}, claims.last_activity_on, null), activities.active_on
    ) as last_activity_on,
    in_review.claim_id is not null as is_in_review
from claims
left join in_review using (claim_id)
left join activities using (company_id, partner)
