with
    weighed as (select *, potential_amount * fit / 100 * counted as weight from {{ ref("portfolio_figures") }}),

    sums as (select sum(weight order by partner) as weight, sum(activities_90d) as activities from weighed),

    shared as (
        select
            weighed.*,
            weighed.activities_90d / nullif(sums.activities, 0) as effort_share,
            sums.activities >= {{ parameter("minimum_n", 10) }} as is_effort_seen,
            weighed.weight / nullif(sums.weight, 0) as proposed_share
        from weighed
        cross join sums
    ),

    -- as the page tells the shares: a gap of 5 points is one of 5.0%
    rounded as (
        select
            * exclude (effort_share, proposed_share),
            round(effort_share, 3) as effort_share,
            round(proposed_share, 3) as proposed_share
        from shared
    ),

    judged as (
        select
            *,
            round(proposed_share - effort_share, 3) as gap,
            case
                when counted = 0
                then ghost_proposal
                when coalesce(weight, 0) = 0
                then 'no_estimate'
                when state = 'ghost'
                then 'revive'
                when stage = 'prospective'
                then 'prospective'
                when not is_effort_seen
                then 'no_effort_seen'
                when gap >= 0.05
                then 'more'
                when gap <= -0.05
                then 'less'
                else 'fits'
            end as reason
        from rounded
    )

select
    partner,
    name,
    type,
    stage,
    fit,
    state,
    overlap,
    whitespace,
    potential_deals,
    potential_amount,
    won_amount_12m,
    open_amount,
    activities_90d,
    effort_share,
    proposed_share,
    case
        when reason in ('close', 'none', 'less')
        then 'reduce'
        when reason in ('revive', 'prospective')
        then 'develop'
        when reason = 'more'
        then 'invest'
        else 'keep'
    end as proposal,
    'plan.portfolio.reason.' || reason as reason_key,
    row_number() over (order by weight desc nulls last, whitespace desc, overlap desc, partner)::integer as rank
from judged
