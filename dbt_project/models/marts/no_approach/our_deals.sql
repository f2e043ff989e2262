select
    map_records.company_id,
    opportunities.opportunity_id,
    opportunities.record_id,
    coalesce(opportunities.scope, '*') as scope,
    opportunities.is_open,
    opportunities.is_won,
    opportunities.created_on,
    opportunities.close_date,
    opportunities.partner_of_record,
    case
        when opportunities.last_activity_on <= run.as_of_date
        then greatest(opportunities.created_on, opportunities.last_activity_on)
        when opportunities.created_on <= run.as_of_date
        then opportunities.created_on
    end as active_on
from {{ ref("opportunities") }} as opportunities
inner join {{ ref("map_records") }} as map_records using (record_id)
cross join {{ source("config", "run") }} as run
where map_records.party = 'us'
