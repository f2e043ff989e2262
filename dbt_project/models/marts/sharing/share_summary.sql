-- A row for every pair of statuses of which the policy tells rows or counts: exact where every row is told with
-- our status anyway, else "at least", of which 0 tells nothing.
with
    levels as (
        select
            levels.*,
            partners.as_of,
            partners.minimum_count,
            list_contains(partners.lists, 'overlaps') and list_contains(partners.fields, 'our_status') as is_told_by_row
        from {{ ref("share_levels") }} as levels
        inner join {{ ref("share_partners") }} as partners using (partner)
        where
            levels.our_status <> 'absent'
            and levels.partner_status <> 'absent'
            and list_contains(partners.lists, 'summary')
    ),

    rows_told as (
        select partner, our_status, partner_status, count(*)::integer as companies
        from {{ ref("share_pairs") }}
        where is_shown and is_named
        group by partner, our_status, partner_status
    )

select
    levels.partner,
    {{ share_key("levels.partner", "'count|' || levels.our_status || '|' || levels.partner_status") }} as row_key,
    levels.our_status,
    levels.partner_status,
    case
        when levels.level <> 'counts'
        then coalesce(rows_told.companies, 0)
        when recounts.is_recounted
        then coalesce(counts.at_least, 0)
        else coalesce(told.at_least - told.at_least % levels.minimum_count, 0) + coalesce(counts.at_least, 0)
    end as companies,
    levels.level <> 'counts' as is_exact,
    if(recounts.is_recounted or recounts.is_extended, levels.as_of, recounts.counted_at) as counted_at,
    recounts.is_recounted or recounts.is_extended as is_recounted,
    levels.as_of
from levels
inner join {{ ref("share_recounts") }} as recounts using (partner)
left join rows_told using (partner, our_status, partner_status)
left join {{ ref("share_counts") }} as counts using (partner, our_status, partner_status)
left join {{ source("state", "shared_counts") }} as told using (partner, our_status, partner_status)
where levels.level = 'counts' or (levels.level <> 'hidden' and levels.is_told_by_row)
