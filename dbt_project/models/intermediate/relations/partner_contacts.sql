with
    salesforce_contacts as (
        select
            connection,
            native_id,
            'Contact' as object,
            account_id,
            name,
            title,
            department,
            email,
            reports_to_id,
            {{ record_id("User", "owner_id") }} as owner_person_id,
            updated_at
        from {{ ref("stg_salesforce__contacts") }}
    ),

    hubspot_contacts as (
        select
            connection,
            native_id,
            'contacts' as object,
            unnest(associated_company_ids) as account_id,
            name,
            title,
            null as department,
            email,
            null as reports_to_id,
            {{ record_id("owners", "owner_id") }} as owner_person_id,
            updated_at
        from {{ ref("stg_hubspot__contacts") }}
    ),

    contacts as (
        select *
        from salesforce_contacts
        union all
        select *
        from hubspot_contacts
    ),

    at_partners as (
        select distinct
            accounts.partner,
            contacts.connection || ':' || contacts.object || ':' || contacts.native_id as person_id,
            contacts.connection,
            contacts.object,
            contacts.name,
            contacts.title,
            contacts.department,
            contacts.email,
            contacts.connection || ':' || contacts.object || ':' || contacts.reports_to_id as reports_to_id,
            contacts.owner_person_id,
            least({{ local_date("contacts.updated_at") }}, {{ as_of_date() }}) as on_date
        from contacts
        inner join
            {{ ref("partner_accounts") }} as accounts
            on accounts.connection = contacts.connection
            and accounts.native_id = contacts.account_id
        where contacts.name is not null
    )

select
    *,
    -- an address alone may be that of a department
    first_value(person_id) over (
        partition by partner, coalesce(lower(email), person_id), regexp_replace(fold_text(name), '\s', '', 'g')
        order by object = 'Contact' desc, person_id
    ) as leading_id
from at_partners
