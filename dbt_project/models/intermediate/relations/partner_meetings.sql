with
    salesforce_activities as (
        select connection, 'Event' as object, native_id, account_id, what_id, who_id, owner_id, activity_on
        from {{ ref("stg_salesforce__events") }}
        where party = 'us'
        union all
        select connection, 'Task', native_id, account_id, what_id, who_id, owner_id, activity_on
        from {{ ref("stg_salesforce__tasks") }}
        where
            party = 'us'
            -- a task that nobody has begun is a plan
            and coalesce(lower(task_status), '') not in ('not started', 'deferred', '未着手', '延期')
    ),

    contacts as (select partner, connection, person_id from {{ ref("partner_contacts") }}),

    with_salesforce as (
        select
            coalesce(contacts.partner, accounts.partner) as partner,
            activities.connection || ':' || activities.object || ':' || activities.native_id as activity_id,
            {{ record_id("User", "activities.owner_id", "activities.connection") }} as our_person_id,
            contacts.person_id as their_person_id,
            activities.activity_on
        from salesforce_activities as activities
        left join
            contacts on contacts.person_id = {{ record_id("Contact", "activities.who_id", "activities.connection") }}
        left join
            {{ ref("partner_accounts") }} as accounts
            on accounts.connection = activities.connection
            and accounts.native_id in (activities.account_id, activities.what_id)
    ),

    hubspot_activities as (
        select
            connection,
            'meetings' as object,
            native_id,
            unnest(associated_company_ids) as company_id,
            owner_id,
            activity_on
        from {{ ref("stg_hubspot__meetings") }}
        where party = 'us'
        union all
        select connection, 'tasks', native_id, unnest(associated_company_ids), owner_id, activity_on
        from {{ ref("stg_hubspot__tasks") }}
        where party = 'us' and coalesce(lower(task_status), '') not in ('not_started', 'deferred')
    ),

    with_hubspot as (
        select
            accounts.partner,
            activities.connection || ':' || activities.object || ':' || activities.native_id as activity_id,
            {{ record_id("owners", "activities.owner_id", "activities.connection") }} as our_person_id,
            null as their_person_id,
            activities.activity_on
        from hubspot_activities as activities
        inner join
            {{ ref("partner_accounts") }} as accounts
            on accounts.connection = activities.connection
            and accounts.native_id = activities.company_id
    )

select distinct *
from
    (
        select *
        from with_salesforce
        where partner is not null
        union all
        select *
        from with_hubspot
    )
where activity_on <= {{ as_of_date() }}
