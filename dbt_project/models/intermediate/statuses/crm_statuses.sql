with
    salesforce_accounts as (
        select
            record_id,
            party,
            case
                when lower(account_type) in ('customer', 'customer - direct', '既存顧客')
                then 'customer'
                when lower(account_type) in ('prospect', 'target', 'ターゲット')
                then 'target'
            end as status,
            'statuses.account_type' as reason,
            cast(null as date) as since
        from {{ ref("stg_salesforce__accounts") }}
    ),

    salesforce_leads as (
        select record_id, party, 'target' as status, 'statuses.lead' as reason, created_on as since
        from {{ ref("stg_salesforce__leads") }}
    ),

    hubspot_stages as (
        select
            record_id,
            party,
            case
                when lifecycle_stage = 'customer'
                then 'customer'
                when lifecycle_stage = 'opportunity'
                then 'open_opportunity'
                when lifecycle_stage in ('lead', 'marketingqualifiedlead', 'salesqualifiedlead')
                then 'target'
            end as status,
            'statuses.lifecycle_stage' as reason,
            cast(null as date) as since
        from
            (
                select record_id, party, lifecycle_stage
                from {{ ref("stg_hubspot__companies") }}
                union all
                select record_id, party, lifecycle_stage
                from {{ ref("stg_hubspot__contacts") }}
            )
    )

select *
from salesforce_accounts
where status is not null
union all
select *
from salesforce_leads
union all
select *
from hubspot_stages
where status is not null
