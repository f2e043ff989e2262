-- Whatever status_order puts first: a company that is our customer and in a deal of
-- ours is barred by both rules.
select
    map_records.company_id,
    record_statuses.status,
    min(record_statuses.since) as since,
    first(
        coalesce(record_statuses.evidence, record_statuses.record_id)
        order by record_statuses.since desc nulls last, record_statuses.record_id
    ) as evidence
from {{ ref("record_statuses") }} as record_statuses
inner join {{ ref("map_records") }} as map_records using (record_id)
where
    map_records.party = 'us'
    and map_records.object not in ('registration', 'introduction')
    and record_statuses.status in ('customer', 'open_opportunity')
group by map_records.company_id, record_statuses.status
