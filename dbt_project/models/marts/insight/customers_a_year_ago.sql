with
    our_records as (select record_id, company_id from {{ ref("map_records") }} where party = 'us'),

    began as (
        select our_records.company_id, min(matches.since) as customer_since
        from {{ ref("segment_matches") }} as matches
        inner join our_records using (record_id)
        where matches.status = 'customer'
        group by our_records.company_id
    ),

    present_customers as (
        select distinct our_records.company_id
        from {{ ref("record_statuses") }} as statuses
        inner join our_records using (record_id)
        where statuses.status = 'customer'
    ),

    lost as (
        select our_records.company_id, max(former.until) as customer_until
        from {{ ref("former_customers") }} as former
        inner join our_records using (record_id)
        anti join present_customers using (company_id)
        group by our_records.company_id
    )

select began.company_id, began.customer_since, lost.customer_until, present_customers.company_id is not null as is_kept
from began
cross join {{ source("config", "run") }} as run
left join present_customers using (company_id)
left join lost using (company_id)
where
    began.customer_since <= run.as_of_date - interval 12 months
    and (present_customers.company_id is not null or lost.customer_until >= run.as_of_date - interval 12 months)
