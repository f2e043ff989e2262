-- Holds until the deal closes, or shows no activity for the stated days. A deal
-- without any dated activity holds without an end.
with
    open_deals as (
        select
            map_records.company_id,
            min(opportunities.created_on) as valid_from,
            max(greatest(opportunities.created_on, opportunities.last_activity_on)) filter (
                where greatest(opportunities.created_on, opportunities.last_activity_on) <= run.as_of_date
            ) as active_on,
            min(opportunities.opportunity_id) as evidence
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        cross join {{ source("config", "run") }} as run
        where map_records.party = 'us' and opportunities.is_open
        group by map_records.company_id
    ),

    activities as (
        select map_records.company_id, max(activities.activity_on) as active_on
        from {{ ref("activities") }} as activities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        cross join {{ source("config", "run") }} as run
        where map_records.party = 'us' and activities.activity_on <= run.as_of_date
        group by map_records.company_id
    ),

    settings as (select distinct audience, days from {{ ref("audiences") }} where rule = 'our_open_opportunity'),

    spared as (
        select company_id, list(partner) as partners from {{ ref("partner_of_record_companies") }} group by company_id
    ),

    held as (
        select
            ours.company_id,
            settings.audience,
            coalesce(spared.partners, []) as spared,
            coalesce(open_deals.valid_from, ours.since) as valid_from,
            (
                greatest(
                    open_deals.active_on, activities.active_on, if(ours.status = 'open_opportunity', ours.since, null)
                )
                + to_days(settings.days)
            )::date as valid_until,
            coalesce(open_deals.evidence, ours.status_reason) as evidence
        from {{ ref("party_companies") }} as ours
        cross join settings
        left join open_deals using (company_id)
        left join activities using (company_id)
        left join spared using (company_id)
        where ours.party = 'us' and (ours.status = 'open_opportunity' or open_deals.company_id is not null)
    )

select company_id, 'our_open_opportunity' as rule, audience, spared, valid_from, valid_until, evidence
from held
cross join {{ source("config", "run") }} as run
where valid_until is null or valid_until >= run.as_of_date
