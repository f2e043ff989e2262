-- An assignment stays with its partner until it runs out, while that partner is still a candidate: a no-approach row,
-- an
-- ended contract or a company gone from its list releases it. Activity of the partner prolongs it.
with
    activities as (
        select activities.party as partner, map_records.company_id, max(activities.activity_on) as active_on
        from {{ ref("activities") }} as activities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where activities.party <> 'us' and activities.activity_on <= {{ as_of_date() }}
        group by activities.party, map_records.company_id
    ),

    renewed as (
        select
            held.company_id,
            held.partner,
            held.assigned_on,
            greatest(
                held.held_until,
                if(
                    activities.active_on >= held.assigned_on,
                    activities.active_on + {{ parameter("assignment_days", 90) }},
                    null
                )
            ) as held_until,
            held.rule
        from {{ source("state", "assignments") }} as held
        inner join {{ ref("whitespace_candidates") }} as candidates using (company_id, partner)
        left join activities using (company_id, partner)
        where candidates.exclusive
    )

select *
from renewed
where held_until >= {{ as_of_date() }}
