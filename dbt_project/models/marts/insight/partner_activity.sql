select
    null::varchar as partner,
    null::date as last_activity_on,
    null::varchar as last_activity_key,
    null::date as first_mapped_on,
    null::integer as silent_days,
    null::varchar as state
where false
