select
    null::varchar as claim_id,
    null::varchar as partner,
    null::varchar as company_id,
    null::varchar as scope,
    null::varchar as product,
    null::double as amount,
    null::timestamptz as received_at,
    null::date as received_on,
    null::varchar as status,
    null::varchar as reason_key,
    null::varchar as barred_by,
    null::varchar as decided_by,
    null::date as protected_until,
    null::boolean as in_grace,
    null::date as last_activity_on,
    null::varchar as held_by_claim_id
where false
