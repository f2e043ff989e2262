select
    null::varchar as partner,
    null::varchar as measure,
    null::varchar as basis,
    null::varchar as stratum,
    null::bigint as n,
    null::double as total,
    null::double as squares,
    null::bigint as baseline_n,
    null::double as baseline_total,
    null::double as baseline_squares
where false
