with
    salesforce_accounts as (
        select
            connection,
            native_id,
            'Account' as object,
            name,
            industry,
            employees,
            website,
            phone,
            {{ full_address("prefecture", "city", "street") }} as address,
            owner_id,
            'User' as owner_object,
            updated_at
        from {{ ref("stg_salesforce__accounts") }}
    ),

    hubspot_companies as (
        select
            connection,
            native_id,
            'companies' as object,
            name,
            industry,
            employees,
            website,
            phone,
            {{ full_address("prefecture", "city", "street") }} as address,
            owner_id,
            'owners' as owner_object,
            updated_at
        from {{ ref("stg_hubspot__companies") }}
    ),

    accounts as (
        select *
        from salesforce_accounts
        union all
        select *
        from hubspot_companies
    )

select
    stands_for.party as partner,
    accounts.connection,
    accounts.object,
    accounts.native_id,
    accounts.name,
    accounts.industry,
    {{ first_number("accounts.employees") }} as employees,
    accounts.website,
    accounts.phone,
    accounts.address,
    accounts.connection || ':' || accounts.owner_object || ':' || accounts.owner_id as owner_person_id,
    least({{ local_date("accounts.updated_at") }}, {{ as_of_date() }}) as on_date
from accounts
inner join {{ source("config", "party_accounts") }} as stands_for using (connection, native_id)
