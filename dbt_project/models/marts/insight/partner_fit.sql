with
    sums as (
        select
            partner,
            round(sum(points order by position), 1) as points,
            coalesce(sum(max_points order by position) filter (where is_known), 0) as known_points,
            sum(max_points order by position) as max_points
        from {{ ref("partner_fit_parts") }}
        group by partner
    )

select
    parties.party as partner,
    parties.stage,
    coalesce(round(100 * sums.points / nullif(sums.known_points, 0), 1), 0) as fit,
    sums.points,
    sums.known_points,
    sums.max_points,
    activity.state,
    activity.last_activity_on,
    activity.last_activity_key,
    activity.silent_days,
    reach.companies,
    reach.overlap,
    reach.our_targets,
    reach.covered_targets,
    reach.coverage
from {{ source("config", "parties") }} as parties
inner join sums on parties.party = sums.partner
inner join {{ ref("partner_activity") }} as activity on parties.party = activity.partner
inner join {{ ref("partner_reach") }} as reach on parties.party = reach.partner
