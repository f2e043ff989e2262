select
    null::varchar as partner,
    null::varchar as stage,
    null::double as fit,
    null::double as points,
    null::double as known_points,
    null::double as max_points,
    null::varchar as state,
    null::date as last_activity_on,
    null::varchar as last_activity_key,
    null::integer as silent_days,
    null::bigint as companies,
    null::bigint as overlaps,
    null::bigint as our_targets,
    null::bigint as covered_targets,
    null::double as coverage
where false
