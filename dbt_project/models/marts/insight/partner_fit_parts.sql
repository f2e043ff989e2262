select
    null::varchar as partner,
    null::varchar as part,
    null::integer as position,
    null::double as points,
    null::double as max_points,
    null::boolean as is_known,
    null::double as share,
    null::bigint as reached,
    null::bigint as full_at,
    null::varchar as label_key,
    null::varchar as basis_key,
    null::varchar as detail
where false
