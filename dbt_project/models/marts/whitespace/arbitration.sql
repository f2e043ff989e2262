select
    null::varchar as company_id,
    null::varchar as partner,
    null::integer as place,
    null::boolean as has_live_claim,
    null::boolean as is_customer,
    null::boolean as in_deal,
    null::boolean as in_territory,
    null::double as fit,
    null::boolean as is_holder,
    null::varchar as rule,
    null::varchar as verdict
where false
