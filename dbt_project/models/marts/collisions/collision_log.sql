with
    earlier as (select * from {{ source("state", "collisions") }}),

    found as (
        select
            collisions.* exclude (as_of),
            greatest(collisions.as_of, earlier.last_seen_at) as last_seen_at,
            -- a replay of a day on which it was open leaves its end alone
            if(earlier.resolved_at > collisions.as_of, earlier.resolved_at, null) as resolved_at
        from {{ ref("collisions") }} as collisions
        left join earlier using (collision_id)
    ),

    gone as (
        select
            earlier.* exclude (resolved_at),
            if(
                earlier.last_seen_at <= run.as_of, coalesce(earlier.resolved_at, run.as_of), earlier.resolved_at
            ) as resolved_at
        from earlier
        cross join {{ source("config", "run") }} as run
        anti join found using (collision_id)
    )

from found
union all by name
from gone
