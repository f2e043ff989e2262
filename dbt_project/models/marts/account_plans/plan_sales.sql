with
    partners as ({{ planned_partners() }}),

    years as (
        select current_year - back as fiscal_year, back = 0 as is_current
        from (select {{ fiscal_year(as_of_date()) }} as current_year)
        cross join (select unnest([0, 1, 2, 3]) as back)
    ),

    won as (
        select
            partner,
            {{ fiscal_year("happened_on") }} as fiscal_year,
            count(*) as deals,
            round(sum(amount order by event_id), 2) as amount
        from {{ ref("plan_events") }}
        where measure = 'won_deals'
        group by all
    )

select
    partners.partner,
    years.fiscal_year,
    coalesce(won.deals, 0) as deals,
    coalesce(won.amount, 0) as amount,
    years.is_current
from partners
cross join years
left join won using (partner, fiscal_year)
