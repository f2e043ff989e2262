-- A partner's counts stand as they were told until as many of its companies have changed as the smallest count: a
-- list that grows by one company must not show which status that one has.
with
    told as (
        select
            counts.partner,
            max(counts.counted_at) as counted_at,
            bool_or(counts.at_least % partners.minimum_count <> 0) as is_in_other_steps
        from {{ source("state", "shared_counts") }} as counts
        inner join {{ ref("share_partners") }} as partners using (partner)
        group by counts.partner
    ),

    earlier as (
        select
            history.party as partner,
            history.company_id,
            struct_pack(
                ours := history.our_status,
                theirs := history.partner_status,
                barred := history.no_approach_rule is not null
            ) as standing
        from {{ source("state", "map_history") }} as history
        inner join told on told.partner = history.party
        where
            history.partner_status <> 'absent'
            and history.valid_from <= told.counted_at
            and (history.valid_until is null or history.valid_until > told.counted_at)
    ),

    now_so as (
        select
            party as partner,
            company_id,
            struct_pack(
                ours := our_status, theirs := partner_status, barred := no_approach_rule is not null
            ) as standing
        from {{ ref("map_versions") }}
        where partner_status <> 'absent'
    ),

    changes as (
        select partner, count(*) as companies
        from earlier
        full join now_so using (partner, company_id)
        where earlier.standing is distinct from now_so.standing
        group by partner
    )

select
    partners.partner,
    told.counted_at,
    coalesce(changes.companies, 0)::integer as changed_companies,
    told.partner is null
    or told.is_in_other_steps
    or coalesce(changes.companies, 0) >= partners.minimum_count as is_recounted
from {{ ref("share_partners") }} as partners
left join told using (partner)
left join changes using (partner)
