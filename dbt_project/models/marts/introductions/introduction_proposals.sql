select
    null::varchar as partner,
    null::varchar as company_id,
    null::varchar as company_name,
    null::varchar as direction,
    null::varchar as owner_name,
    null::integer as rank,
    null::integer as owner_rank,
    null::integer as cell,
    null::varchar as reason_key,
    null::varchar as our_status,
    null::varchar as partner_status,
    null::double as expected_value,
    null::double as chance
where false
