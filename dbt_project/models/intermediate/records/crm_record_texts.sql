with
    people as (
        select connection, native_id as owner_id, name as owner_name, is_active
        from {{ ref("stg_salesforce__users") }}
        union all
        select connection, native_id, name, is_active
        from {{ ref("stg_hubspot__owners") }}
    ),

    salesforce_accounts as (
        select
            record_id,
            party,
            'salesforce' as source,
            connection,
            'Account' as object,
            native_id,
            name,
            name_kana,
            name_en,
            corporate_number,
            website,
            null as email,
            phone,
            postal_code,
            prefecture,
            {{ full_address("prefecture", "city", "street") }} as address,
            country,
            {{ record_id("Account", "parent_id") }} as parent_record_id,
            owner_id,
            industry,
            employees,
            updated_at,
            created_on
        from {{ ref("stg_salesforce__accounts") }}
    ),

    salesforce_leads as (
        select
            record_id,
            party,
            'salesforce' as source,
            connection,
            'Lead' as object,
            native_id,
            company as name,
            null as name_kana,
            null as name_en,
            null as corporate_number,
            website,
            email,
            phone,
            postal_code,
            prefecture,
            {{ full_address("prefecture", "city", "street") }} as address,
            country,
            null as parent_record_id,
            owner_id,
            industry,
            employees,
            updated_at,
            null as created_on
        from {{ ref("stg_salesforce__leads") }}
        where company is not null and not is_converted
    ),

    hubspot_companies as (
        select
            record_id,
            party,
            'hubspot' as source,
            connection,
            'companies' as object,
            native_id,
            coalesce(name, website) as name,
            name_kana,
            name_en,
            corporate_number,
            website,
            null as email,
            phone,
            postal_code,
            prefecture,
            {{ full_address("prefecture", "city", "street") }} as address,
            country,
            {{ record_id("companies", "parent_id") }} as parent_record_id,
            owner_id,
            industry,
            employees,
            updated_at,
            created_on
        from {{ ref("stg_hubspot__companies") }}
    ),

    hubspot_contacts as (
        select
            record_id,
            party,
            'hubspot' as source,
            connection,
            'contacts' as object,
            native_id,
            company as name,
            null as name_kana,
            null as name_en,
            null as corporate_number,
            null as website,
            email,
            phone,
            null as postal_code,
            null as prefecture,
            null as address,
            null as country,
            null as parent_record_id,
            owner_id,
            null as industry,
            null as employees,
            updated_at,
            null as created_on
        from {{ ref("stg_hubspot__contacts") }}
        where company is not null and len(associated_company_ids) = 0
    ),

    -- registrations and introductions that name their company by text only
    claims as (
        select
            claim_id as record_id,
            partner as party,
            source,
            connection,
            kind as object,
            native_id,
            company as name,
            null as name_kana,
            null as name_en,
            corporate_number,
            null as website,
            null as email,
            null as phone,
            null as postal_code,
            null as prefecture,
            null as address,
            null as country,
            null as parent_record_id,
            owner_name,
            null as industry,
            null as employees,
            updated_at
        from {{ ref("crm_claims") }}
        where fault is null and record_id = claim_id
    ),

    every_record as (
        select *
        from salesforce_accounts
        union all
        select *
        from salesforce_leads
        union all
        select *
        from hubspot_companies
        union all
        select *
        from hubspot_contacts
    ),

    -- the account that stands for a partner in our CRM is a party, not a company to
    -- sell to
    without_partners as (
        select every_record.*
        from every_record
        anti join
            {{ source("config", "party_accounts") }} as partner_accounts
            on every_record.connection = partner_accounts.connection
            and every_record.native_id = partner_accounts.native_id
            and every_record.object in ('Account', 'companies')
    )

select
    without_partners.* exclude (owner_id) replace (
        coalesce(without_partners.name, without_partners.native_id) as name,
        -- a parent that has left must not be pointed at
        parents.record_id as parent_record_id
    ),
    people.owner_name,
    case when people.is_active then without_partners.owner_id end as owner_native_id
from without_partners
left join people using (connection, owner_id)
left join without_partners as parents on without_partners.parent_record_id = parents.record_id
union all by name
select *
from claims
