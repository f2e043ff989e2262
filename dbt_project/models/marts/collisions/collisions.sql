-- An open collision of an earlier run is the same one, though its parties change; one that had ended is new.
with
    open_before as (
        select kind, company_id, scope, min(first_seen_at) as first_seen_at
        from {{ source("state", "collisions") }}
        -- as of this run: it may replay a moment, or be run twice
        where first_seen_at <= {{ as_of() }} and (resolved_at is null or resolved_at >= {{ as_of() }})
        group by kind, company_id, scope
    ),

    recognized as (
        select found.*, coalesce(open_before.first_seen_at, run.as_of) as first_seen_at, run.as_of
        from {{ ref("collisions_found") }} as found
        cross join {{ source("config", "run") }} as run
        left join open_before using (kind, company_id, scope)
    )

select
    md5(
        concat_ws('|', recognized.kind, recognized.company_id, recognized.scope, epoch_us(recognized.first_seen_at))
    ) as collision_id,
    recognized.company_id,
    companies.name as company_name,
    recognized.scope,
    recognized.kind,
    recognized.parties,
    recognized.severity,
    if(recognized.kind = 'partner_and_own_sales', 'our_owner', 'partner_manager') as who_must_act,
    recognized.suggested_winner,
    recognized.rule,
    recognized.first_seen_at,
    recognized.as_of
from recognized
inner join {{ ref("company_profiles") }} as companies using (company_id)
