select
    null::varchar as partner,
    null::varchar as company_id,
    null::varchar as scope,
    null::varchar as verdict,
    null::varchar[] as reasons,
    null::varchar as decided_by,
    null::varchar as other_id
where false
