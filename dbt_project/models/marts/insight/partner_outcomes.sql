with
    answered as (
        select
            partner,
            count(*) filter (where status in ('met', 'won', 'declined')) as answered_introductions,
            count(*) filter (where status in ('met', 'won')) as met_introductions
        from {{ ref("introduction_claims") }}
        group by partner
    ),

    deals as (
        select
            opportunities.partner_of_record as partner,
            count(*) as deals,
            count(*) filter (
                where
                    opportunities.is_won
                    and opportunities.close_date > run.as_of_date - interval 24 months
                    and opportunities.close_date <= run.as_of_date
            ) as won_deals
        from {{ ref("opportunities") }} as opportunities
        cross join {{ source("config", "run") }} as run
        where opportunities.party = 'us' and opportunities.partner_of_record is not null
        group by opportunities.partner_of_record
    )

select
    parties.party as partner,
    coalesce(answered.answered_introductions, 0) as answered_introductions,
    coalesce(answered.met_introductions, 0) as met_introductions,
    coalesce(deals.deals, 0) as deals,
    coalesce(deals.won_deals, 0) as won_deals
from {{ source("config", "parties") }} as parties
left join answered on parties.party = answered.partner
left join deals on parties.party = deals.partner
where parties.party <> 'us' and parties.stage <> 'ended'
