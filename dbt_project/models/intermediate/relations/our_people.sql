with
    salesforce_users as (
        select connection, party, {{ record_id("User") }} as person_id, name, title, department, email, is_active
        from {{ ref("stg_salesforce__users") }}
    ),

    hubspot_owners as (
        select
            connection,
            party,
            {{ record_id("owners") }} as person_id,
            name,
            null as title,
            null as department,
            email,
            is_active
        from {{ ref("stg_hubspot__owners") }}
    ),

    people as (
        select *, 'User' as object
        from salesforce_users
        union all
        select *, 'owners' as object
        from hubspot_owners
    )

select
    person_id,
    connection,
    object,
    coalesce(name, email) as name,
    title,
    department,
    email,
    first_value(person_id) over (
        partition by coalesce(lower(email), person_id) order by object = 'User' desc, person_id
    ) as leading_id
from people
-- whoever has left knows nobody for us any more
where party = 'us' and coalesce(is_active, true) and coalesce(name, email) is not null
