with
    salesforce_tasks as (
        select connection, party, account_id, what_id, who_id, activity_on, 'task' as kind
        from {{ ref("stg_salesforce__tasks") }}
        -- a task that nobody has begun is a plan
        where coalesce(lower(task_status), '') not in ('not started', 'deferred', '未着手', '延期')
    ),

    salesforce_events as (
        select connection, party, account_id, what_id, who_id, activity_on, 'event' as kind
        from {{ ref("stg_salesforce__events") }}
    ),

    salesforce_activities as (
        select
            {{
                record_id(
                    "Account",
                    "coalesce(activities.account_id, opportunities.account_id, contacts.account_id, activities.what_id)",
                    "activities.connection",
                )
            }}
            as account_record_id,
            {{ record_id("Lead", "activities.who_id", "activities.connection") }} as lead_record_id,
            activities.party,
            activities.activity_on,
            activities.kind
        from
            (
                select *
                from salesforce_tasks
                union all
                select *
                from salesforce_events
            ) as activities
        left join
            {{ ref("stg_salesforce__opportunities") }} as opportunities
            on activities.connection = opportunities.connection
            and activities.what_id = opportunities.native_id
        left join
            {{ ref("stg_salesforce__contacts") }} as contacts
            on activities.connection = contacts.connection
            and activities.who_id = contacts.native_id
    ),

    hubspot_activities as (
        select connection, party, activity_on, 'task' as kind, unnest(associated_company_ids) as company_id
        from {{ ref("stg_hubspot__tasks") }}
        where coalesce(lower(task_status), '') not in ('not_started', 'deferred')
        union all
        select connection, party, activity_on, 'event' as kind, unnest(associated_company_ids) as company_id
        from {{ ref("stg_hubspot__meetings") }}
    ),

    -- what the CRM itself keeps as the last contact; all that we see of a partner's
    -- own work
    last_contacts as (
        select record_id, party, last_activity_on as activity_on
        from {{ ref("stg_salesforce__accounts") }}
        union all
        select record_id, party, last_activity_on
        from {{ ref("stg_salesforce__leads") }}
        union all
        select record_id, party, last_activity_on
        from {{ ref("stg_hubspot__companies") }}
        union all
        select record_id, party, last_activity_on
        from {{ ref("opportunities") }}
    ),

    -- what a partner did about a company, whosever record says which company it is
    partner_steps as (
        select record_id, partner, registered_on as active_on
        from {{ ref("registration_claims") }}
        union all
        select record_id, partner, last_activity_on
        from {{ ref("registration_claims") }}
        where origin <> 'opportunity'  -- that is our own work on the deal
        union all
        select record_id, partner, unnest([requested_on, accepted_on, met_on, closed_on])
        from {{ ref("introduction_claims") }}
    ),

    every_activity as (
        select account_record_id as record_id, party, activity_on, kind
        from salesforce_activities
        union all
        select lead_record_id, party, activity_on, kind
        from salesforce_activities
        union all
        select {{ record_id("companies", "company_id") }}, party, activity_on, kind
        from hubspot_activities
        union all
        select record_id, party, stage_changed_on, 'stage_change'
        from {{ ref("opportunities") }}
        union all
        select record_id, party, activity_on, case when party = 'us' then 'event' else 'partner_report' end
        from last_contacts
        union all
        select record_id, party, last_activity_on, 'partner_report'
        from {{ ref("file_records") }}
        union all
        select record_id, partner, active_on, 'partner_report'
        from partner_steps
    )

select distinct every_activity.record_id, every_activity.party, every_activity.activity_on, every_activity.kind
from every_activity
semi join {{ ref("records") }} as records using (record_id)
where every_activity.activity_on <= {{ as_of_date() }}
