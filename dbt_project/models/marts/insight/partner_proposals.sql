with
    cells as (
        select
            partner,
            cell,
            partner_status = 'target' as is_only_aimed_at,
            count(*) as companies,
            sum(coalesce(expected_value, 0) order by rank) as expected_value
        from {{ ref("unused_overlap") }}
        group by partner, cell, partner_status
    ),

    sums as (
        select
            partner,
            sum(companies)::bigint as unused_companies,
            coalesce(sum(companies) filter (where cell <> 9), 0) as promising_companies,
            sum(expected_value order by cell) as unused_value,
            string_agg(
                cell || ' (' || format('{:,}', companies) || ')',
                ', '
                order by is_only_aimed_at, expected_value desc, cell
            ) as cells
        from cells
        group by partner
    ),

    judged as (
        select
            activity.partner,
            activity.silent_days,
            sums.* exclude (partner),
            case
                when activity.first_mapped_on is null
                then 'none'
                when sums.promising_companies >= {{ parameter("minimum_n", 10) }}
                then 'revive'
                else 'close'
            end as proposal
        from {{ ref("partner_activity") }} as activity
        left join sums using (partner)
        where activity.state = 'ghost'
    )

select
    judged.partner,
    judged.proposal,
    'insight.proposal.' || judged.proposal as reason_key,
    judged.silent_days,
    coalesce(judged.unused_companies, 0) as unused_companies,
    coalesce(judged.unused_value, 0) as unused_value,
    judged.cells,
    coalesce(best.rank, 1) as rank,
    best.company_id,
    best.company_name,
    best.cell,
    best.our_status,
    best.partner_status,
    best.expected_value
from judged
left join
    {{ ref("unused_overlap") }} as best
    on judged.proposal = 'revive'
    and best.partner = judged.partner
    and best.rank <= 20
