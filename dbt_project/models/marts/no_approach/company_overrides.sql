select
    map_records.company_id,
    overrides.override,
    overrides.partner,
    max(overrides.until) as until,
    first(overrides.reason order by overrides.until desc, overrides.record_id) as reason,
    first(overrides.record_id order by overrides.until desc, overrides.record_id) as record_id
from {{ ref("overrides") }} as overrides
inner join {{ ref("map_records") }} as map_records using (record_id)
cross join {{ source("config", "run") }} as run
where map_records.party = 'us' and overrides.is_valid and overrides.until >= run.as_of_date
group by map_records.company_id, overrides.override, overrides.partner
