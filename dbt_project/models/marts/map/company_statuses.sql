select
    null::varchar as company_id,
    null::varchar as company_name,
    null::varchar as our_status,
    null::integer as partners,
    null::map(varchar, varchar) as partner_statuses
where false
