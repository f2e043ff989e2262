select
    null::varchar as measure,
    null::varchar as case_id,
    null::varchar as company_id,
    null::varchar as partner_of_record,
    null::varchar as stratum,
    null::decimal(18, 8) as outcome
where false
