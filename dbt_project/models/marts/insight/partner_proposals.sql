select
    null::varchar as partner,
    null::varchar as proposal,
    null::varchar as reason_key,
    null::integer as silent_days,
    null::bigint as unused_companies,
    null::double as unused_value,
    null::varchar as cells,
    null::integer as rank,
    null::varchar as company_id,
    null::varchar as company_name,
    null::integer as cell,
    null::varchar as our_status,
    null::varchar as partner_status,
    null::double as expected_value
where false
