select stated.*
from {{ ref("stated_statuses") }} as stated
anti join {{ ref("returned_statuses") }} as returned using (record_id)
union all
select
    record_id,
    party,
    status,
    'statuses.returned' as reason,
    cast(null as date) as since,
    cast(null as date) as until,
    evidence
from {{ ref("returned_statuses") }}
