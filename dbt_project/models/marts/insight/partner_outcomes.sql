select
    null::varchar as partner,
    null::bigint as answered_introductions,
    null::bigint as met_introductions,
    null::bigint as deals,
    null::bigint as won_deals
where false
