select
    null::varchar as partner,
    null::varchar as measure,
    null::varchar as case_id,
    null::varchar as stratum,
    null::decimal(18, 8) as outcome,
    null::boolean as is_involved,
    null::boolean as is_present
where false
