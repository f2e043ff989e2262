with
    full_marks as (select part, full_at from {{ ref("fit_parts") }}),

    reach as (select * from {{ ref("partner_reach") }} where companies > 0 and our_targets > 0),

    counted as (
        select partner, 'coverage' as part, covered_targets as reached, our_targets / 100 as per_mark
        from reach
        union all
        select partner, 'likeness' as part, round(100 * relative_likeness) as reached, 1 as per_mark
        from reach
        where relative_likeness is not null
        union all
        select partner, 'reach' as part, new_companies as reached, our_targets / 100 as per_mark
        from reach
        where new_companies is not null
        union all
        select partner, 'introductions' as part, met_introductions as reached, answered_introductions / 100 as per_mark
        from {{ ref("partner_outcomes") }}
        where answered_introductions > 0
        union all
        select partner, 'deals' as part, won_deals as reached, 1 as per_mark
        from {{ ref("partner_outcomes") }}
        where deals > 0
    ),

    measured as (
        select counted.partner, counted.part, counted.reached, ceil(full_marks.full_at * counted.per_mark) as full_at
        from counted
        inner join full_marks using (part)
    ),

    days as (
        select {{ parameter("cooling_days", 60) }} as cooling_days, {{ parameter("ghost_days", 120) }} as ghost_days
    )

select partner, part, reached::bigint as reached, full_at::bigint as full_at, least(reached / full_at, 1) as share
from measured
union all
-- full while active, falling while cooling, nothing left for a ghost
select
    activity.partner,
    'activity' as part,
    activity.silent_days::bigint as reached,
    days.cooling_days::bigint as full_at,
    case
        activity.state
        when 'active'
        then 1
        when 'cooling'
        then (days.ghost_days + 1 - activity.silent_days) / (days.ghost_days + 1 - days.cooling_days)
        else 0
    end as share
from {{ ref("partner_activity") }} as activity
cross join days
where activity.silent_days is not null
