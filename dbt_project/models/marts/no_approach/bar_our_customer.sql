-- Holds while the company is our customer, without a known end; after it left, until
-- the stated days have passed.
with
    last_won as (
        select
            map_records.company_id,
            max(opportunities.close_date) as won_on,
            arg_max(
                opportunities.opportunity_id, (opportunities.close_date, opportunities.opportunity_id)
            ) as opportunity_id
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us' and opportunities.is_won
        group by map_records.company_id
    ),

    settings as (select distinct audience, days from {{ ref("audiences") }} where rule = 'our_customer'),

    spared as (
        select company_id, list(partner) as partners from {{ ref("partner_of_record_companies") }} group by company_id
    ),

    held as (
        select
            ours.company_id,
            settings.audience,
            coalesce(spared.partners, []) as spared,
            case when ours.status = 'customer' then ours.since end as valid_from,
            case
                when ours.status <> 'customer'
                then
                    (
                        last_won.won_on
                        + to_months({{ parameter("customer_months", 36) }})
                        + to_days(coalesce(settings.days, {{ parameter("churn_days", 180) }}))
                    )::date
            end as valid_until,
            coalesce(last_won.opportunity_id, ours.status_reason) as evidence
        from {{ ref("party_companies") }} as ours
        cross join settings
        left join last_won using (company_id)
        left join spared using (company_id)
        where ours.party = 'us' and (ours.status = 'customer' or last_won.won_on is not null)
    )

select company_id, 'our_customer' as rule, audience, spared, valid_from, valid_until, evidence
from held
cross join {{ source("config", "run") }} as run
where valid_until is null or valid_until >= run.as_of_date
