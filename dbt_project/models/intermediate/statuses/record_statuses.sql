with
    found as (
        select *
        from {{ ref("opportunity_statuses") }}
        union all
        select *
        from {{ ref("crm_statuses") }}
        union all
        select *
        from {{ ref("file_statuses") }}
    ),

    -- a deal says more than a field that somebody once set: its reason goes first,
    -- and it has a date
    one_per_status as (
        select found.record_id, found.party, found.status, found.reason, found.since
        from found
        semi join {{ ref("records") }} as records using (record_id)
        qualify
            row_number() over (partition by found.record_id, found.status order by found.since nulls last, found.reason)
            = 1
    ),

    former_customers as (
        select record_id, max(close_date) as since from {{ ref("opportunities") }} where is_won group by record_id
    ),

    known as (
        select
            records.record_id,
            records.party,
            'known' as status,
            case
                when former_customers.record_id is not null then 'statuses.former_customer' else 'statuses.nothing_said'
            end as reason,
            former_customers.since
        from {{ ref("records") }} as records
        left join former_customers using (record_id)
        anti join one_per_status using (record_id)
        where records.object != 'registration'
    )

select *
from one_per_status
union all
select *
from known
