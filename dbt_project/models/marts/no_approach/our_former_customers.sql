-- A churn that nobody dated is dated by the map itself: the run that first saw it.
with
    former as (
        select
            map_records.company_id,
            max(former_customers.until) as until,
            bool_or(former_customers.until is null) as is_undated,
            first(
                coalesce(former_customers.evidence, former_customers.record_id)
                order by former_customers.until desc nulls last, former_customers.record_id
            ) as evidence
        from {{ ref("former_customers") }} as former_customers
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us'
        group by map_records.company_id
    ),

    customers as (select company_id from {{ ref("our_status_companies") }} where status = 'customer'),

    last_seen as (
        select history.company_id, max(coalesce({{ local_date("history.valid_until") }}, {{ as_of_date() }})) as until
        from {{ source("state", "map_history") }} as history
        semi join former on former.company_id = history.company_id and former.is_undated
        where history.party = 'us' and history.our_status = 'customer' and history.valid_from <= {{ as_of() }}
        group by history.company_id
    )

select former.company_id, greatest(former.until, last_seen.until) as until, former.evidence
from former
left join last_seen using (company_id)
anti join customers using (company_id)
where greatest(former.until, last_seen.until) is not null
