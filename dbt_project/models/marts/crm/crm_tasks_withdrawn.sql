-- A task's key names account, partner and cell.
with
    made as (
        select distinct connection, object, record_id, split_part(record_id, ':', 2) as partner
        from {{ source("state", "sent") }}
        where object in ('Task', 'tasks')
    )

select made.connection, made.object, made.record_id as external_id
from made
inner join {{ ref("partner_uses") }} as uses using (partner)
where not uses.is_for_crm
