select
    null::varchar as partner,
    null::varchar as measure,
    null::varchar as basis,
    null::bigint as n,
    null::bigint as baseline_n,
    null::double as value,
    null::double as baseline_value,
    null::double as lift,
    null::double as ci_low,
    null::double as ci_high,
    null::boolean as is_shown,
    null::varchar as hidden_key
where false
