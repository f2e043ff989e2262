-- Companies that a partner has named since its counts were counted last: never before, also not in between.
with
    told as (select partner, max(counted_at) as counted_at from {{ source("state", "shared_counts") }} group by partner)

select pairs.partner, pairs.company_id
from {{ ref("share_pairs") }} as pairs
inner join told using (partner)
left join
    (
        select party as partner, company_id, min(valid_from) as first_named_at
        from {{ source("state", "map_history") }}
        where party <> 'us' and partner_status <> 'absent'
        group by party, company_id
    ) as named using (partner, company_id)
where pairs.is_named and (named.first_named_at is null or named.first_named_at > told.counted_at)
