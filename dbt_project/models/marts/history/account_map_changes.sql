-- This run against the newest earlier one that is remembered; without one nothing has changed.
with
    before as (select max(as_of) as as_of from {{ source("state", "map_runs") }} where as_of < {{ as_of() }}),

    was as (
        select * exclude (valid_from, valid_until)
        from {{ source("state", "map_history") }}
        where
            valid_from <= (select as_of from before)
            and (valid_until is null or valid_until > (select as_of from before))
    ),

    became as (select * from {{ ref("map_versions") }} where (select as_of from before) is not null),

    changes as ({{ map_changes("was", "became") }})

select
    md5(concat_ws('|', changes.party, changes.company_id, changes.change, epoch_us(run.as_of))) as change_id,
    changes.party,
    changes.company_id,
    coalesce(companies.name, changes.company_id) as company_name,
    changes.change,
    changes.before,
    changes.after,
    run.as_of as happened_at
from changes
cross join {{ source("config", "run") }} as run
left join {{ ref("company_profiles") }} as companies using (company_id)
