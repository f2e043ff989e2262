select
    null::varchar as partner,
    null::bigint as companies,
    null::bigint as overlaps,
    null::bigint as our_targets,
    null::bigint as covered_targets,
    null::double as coverage,
    null::bigint as their_customers,
    null::double as relative_likeness,
    null::bigint as new_companies
where false
