select
    null::varchar as introduction_id,
    null::varchar as partner,
    null::varchar as company_id,
    null::varchar as company_name,
    null::varchar as direction,
    null::varchar as status,
    null::date as requested_on,
    null::date as accepted_on,
    null::date as met_on,
    null::date as closed_on,
    null::double as amount,
    null::varchar as owner_name,
    null::integer as cell,
    null::integer as age_days,
    null::boolean as is_open
where false
