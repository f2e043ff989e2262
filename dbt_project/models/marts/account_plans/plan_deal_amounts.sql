with
    won as (
        select deals.partner_of_record as partner, deals.amount
        from {{ ref("opportunities") }} as deals
        cross join {{ source("config", "run") }} as run
        where
            deals.party = 'us'
            and deals.is_won
            and deals.amount > 0
            and deals.close_date > run.as_of_date - interval 24 months
            and deals.close_date <= run.as_of_date
    ),

    amounts as (
        select partner, grouping(partner) = 1 as is_all, count(*) as cases, round(median(amount), 2) as amount
        from won
        group by grouping sets ((partner), ())
    )

select
    partners.partner,
    if({{ has_enough("own.cases") }}, own.amount, overall.amount) as deal_amount,
    if({{ has_enough("own.cases") }}, own.cases, overall.cases) as deal_cases,
    {{ has_enough("own.cases") }} as is_of_partner
from ({{ planned_partners() }}) as partners
inner join amounts as overall on overall.is_all
left join amounts as own on own.partner = partners.partner and not own.is_all
