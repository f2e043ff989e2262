-- A claim bars its own scope. Through its group a company is barred for nobody who
-- holds a claim on that company itself.
with
    settings as (select distinct audience, reach from {{ ref("audiences") }} where rule = 'registered_by_other'),

    live_claims as (
        select * from {{ ref("registrations") }} where {{ is_live_claim("status") }} and company_id is not null
    ),

    bars as (
        select
            live_claims.company_id,
            'registered_by_other' as rule,
            settings.audience,
            [live_claims.partner] as spared,
            live_claims.scope,
            settings.reach,
            live_claims.received_on as valid_from,
            live_claims.protected_until as valid_until,
            live_claims.last_activity_on as active_on,
            live_claims.claim_id as evidence
        from live_claims
        cross join settings
    ),

    holders as (
        select company_id, 'registered_by_other' as rule, list(distinct partner order by partner) as partners
        from live_claims
        group by company_id
    )

select * exclude (reach), null::varchar as via_company_id
from bars
union all by name
({{ bars_across_groups("bars", "holders") }})
