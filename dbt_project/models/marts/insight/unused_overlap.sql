select
    null::varchar as partner,
    null::varchar as company_id,
    null::varchar as company_name,
    null::integer as cell,
    null::varchar as our_status,
    null::varchar as partner_status,
    null::double as expected_value,
    null::integer as rank
where false
