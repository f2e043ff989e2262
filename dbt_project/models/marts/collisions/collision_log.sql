select
    null::varchar as collision_id,
    null::varchar as company_id,
    null::varchar as company_name,
    null::varchar as scope,
    null::varchar as kind,
    null::varchar as parties,
    null::varchar as severity,
    null::varchar as who_must_act,
    null::varchar as suggested_winner,
    null::varchar as rule,
    null::timestamptz as first_seen_at,
    null::timestamptz as last_seen_at,
    null::timestamptz as resolved_at
where false
