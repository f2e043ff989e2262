with
    potential as (
        select
            partner,
            round(sum(expected_deals order by cell), 2) as potential_deals,
            round(sum(expected_amount order by cell), 2) as potential_amount
        from {{ ref("plan_potential") }}
        group by partner
    ),

    recent as (
        select
            events.partner,
            sum(events.amount order by events.happened_on, events.event_id) filter (
                where events.measure = 'won_deals' and events.happened_on > run.as_of_date - interval 12 months
            ) as won_amount_12m,
            count(*) filter (
                where events.measure = 'meetings' and events.happened_on > run.as_of_date - 90
            ) as activities_90d
        from {{ ref("plan_events") }} as events
        cross join {{ source("config", "run") }} as run
        group by events.partner
    ),

    offered as (select partner, count(distinct company_id) as whitespace from {{ ref("whitespace") }} group by partner),

    proposals as (select partner, proposal from {{ ref("partner_proposals") }} where rank = 1)

-- a partner whose terms do not cover plans is left out, and nothing is weighed against it
select
    parties.party as partner,
    parties.name,
    parties.party_type as type,
    parties.stage,
    if(fit.known_points > 0, fit.fit, null) as fit,
    fit.state,
    fit.overlap,
    -- before a contract nothing may be offered, which is not that there were nothing to offer
    if(parties.stage = 'active', coalesce(offered.whitespace, 0), null) as whitespace,
    potential.potential_deals,
    potential.potential_amount,
    round(coalesce(recent.won_amount_12m, 0), 2) as won_amount_12m,
    open_deals.amount as open_amount,
    coalesce(recent.activities_90d, 0) as activities_90d,
    proposals.proposal as ghost_proposal,
    case
        when proposals.proposal in ('close', 'none')
        then 0.0
        when fit.state = 'ghost' or parties.stage = 'prospective'
        then 0.5
        else 1.0
    end::double as counted
from {{ source("config", "parties") }} as parties
inner join {{ ref("partner_uses") }} as uses on uses.partner = parties.party and uses.is_for_plans
inner join {{ ref("partner_fit") }} as fit on parties.party = fit.partner
inner join {{ ref("plan_open_deals") }} as open_deals on parties.party = open_deals.partner
-- without a list no cell is known
left join potential on parties.party = potential.partner and fit.companies > 0
left join recent on parties.party = recent.partner
left join offered on parties.party = offered.partner
left join proposals on parties.party = proposals.partner
