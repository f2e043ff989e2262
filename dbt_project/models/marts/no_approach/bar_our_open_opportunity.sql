-- Holds until the deal closes, or shows no activity for the stated days. A deal
-- without any dated activity holds without an end.
with
    settings as (
        select distinct audience, days, reach, by_product_line
        from {{ ref("audiences") }}
        where rule = 'our_open_opportunity'
    ),

    statuses as (select * from {{ ref("our_status_companies") }} where status = 'open_opportunity'),

    open_deals as (
        select deals.* from {{ ref("our_deals") }} as deals semi join statuses using (company_id) where deals.is_open
    ),

    -- what a lifecycle stage or a lead says without a deal is of no product line
    grounds as (
        select company_id, scope, created_on as since, active_on, opportunity_id as evidence
        from open_deals
        union all
        select company_id, '*', since, if(since <= {{ as_of_date() }}, since, null), evidence
        from statuses
        anti join open_deals using (company_id)
    ),

    activities as (
        select map_records.company_id, max(activities.activity_on) as active_on
        from {{ ref("activities") }} as activities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us' and activities.party = 'us' and activities.activity_on <= {{ as_of_date() }}
        group by map_records.company_id
    ),

    held as (
        select
            grounds.company_id,
            settings.by_product_line,
            if(settings.by_product_line, grounds.scope, '*') as scope,
            min(grounds.since) as valid_from,
            greatest(max(grounds.active_on), max(activities.active_on)) as active_on,
            arg_max(grounds.evidence, (coalesce(grounds.active_on, date '0001-01-01'), grounds.evidence)) as evidence
        from grounds
        cross join (select distinct by_product_line from settings) as settings
        left join activities on activities.company_id = grounds.company_id
        group by all
    ),

    spared as (
        select company_id, list(partner order by partner) as partners
        from {{ ref("partner_of_record_companies") }}
        group by company_id
    )

select
    held.company_id,
    'our_open_opportunity' as rule,
    settings.audience,
    coalesce(spared.partners, []) as spared,
    held.scope,
    settings.reach,
    held.valid_from,
    (held.active_on + settings.days)::date as valid_until,
    held.active_on,
    held.evidence
from held
inner join settings using (by_product_line)
left join spared using (company_id)
where held.active_on is null or settings.days is null or held.active_on + settings.days >= {{ as_of_date() }}
