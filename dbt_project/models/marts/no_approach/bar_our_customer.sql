-- Holds while the company is our customer, without a known end; after it left, until
-- the stated days have passed.
with
    settings as (
        select distinct audience, days, reach, by_product_line from {{ ref("audiences") }} where rule = 'our_customer'
    ),

    held as (
        select company_id, since as valid_from, null::date as left_on, evidence
        from {{ ref("our_status_companies") }}
        where status = 'customer'
        union all
        select company_id, null, until, evidence
        from {{ ref("our_former_customers") }}
    ),

    won as (
        select company_id, scope, max(opportunity_id) as opportunity_id
        from {{ ref("our_deals") }}
        where is_won
        group by company_id, scope
    ),

    spared as (
        select company_id, list(partner order by partner) as partners
        from {{ ref("partner_of_record_companies") }}
        group by company_id
    )

select
    held.company_id,
    'our_customer' as rule,
    settings.audience,
    coalesce(spared.partners, []) as spared,
    coalesce(won.scope, '*') as scope,
    settings.reach,
    held.valid_from,
    (held.left_on + coalesce(settings.days, 0))::date as valid_until,
    null::date as active_on,
    coalesce(won.opportunity_id, held.evidence) as evidence
from held
cross join settings
left join won on won.company_id = held.company_id and settings.by_product_line
left join spared on spared.company_id = held.company_id
where held.left_on is null or held.left_on + coalesce(settings.days, 0) >= {{ as_of_date() }}
