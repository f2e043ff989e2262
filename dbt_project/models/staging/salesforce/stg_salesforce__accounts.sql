{{ config(materialized="table") }}  -- read by many models: the payload is parsed once

{% set roles = ["corporate_number", "name_kana", "name_en", "partner_of_record"] %}

with
    source as (
        {{
            newest_live(
                ["salesforce_account", "partner_salesforce_account"],
                [
                    "Name",
                    "Type",
                    "Industry",
                    "NumberOfEmployees",
                    "Website",
                    "Phone",
                    "BillingCountry",
                    "BillingPostalCode",
                    "BillingState",
                    "BillingCity",
                    "BillingStreet",
                    "ParentId",
                    "OwnerId",
                    "CreatedDate",
                    "LastActivityDate",
                    "SystemModstamp",
                    "Totsugo_Override__c",
                    "Totsugo_Override_Partner__c",
                    "Totsugo_Override_Reason__c",
                    "Totsugo_Override_Until__c",
                ],
            )
        }}
    ),

    role_paths as ({{ role_paths("Account", roles) }}),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("Account") }} as record_id,
            {{ text_field("Name") }} as name,
            {{ text_field("Type") }} as account_type,
            {{ text_field("Industry") }} as industry,
            {{ text_field("NumberOfEmployees") }} as employees,
            {{ text_field("Website") }} as website,
            {{ text_field("Phone") }} as phone,
            {{ text_field("BillingCountry") }} as country,
            {{ text_field("BillingPostalCode") }} as postal_code,
            {{ text_field("BillingState") }} as prefecture,
            {{ text_field("BillingCity") }} as city,
            {{ text_field("BillingStreet") }} as street,
            {{ text_field("ParentId") }} as parent_id,
            {{ text_field("OwnerId") }} as owner_id,
            {{ date_field("CreatedDate") }} as created_on,
            {{ date_field("LastActivityDate") }} as last_activity_on,
            {{ moment_field("SystemModstamp") }} as updated_at,
            {% for role in roles %} {{ role_field(role) }} as {{ role }}, {% endfor %}
            lower({{ text_field("Totsugo_Override__c") }}) as override,
            {{ text_field("Totsugo_Override_Partner__c") }} as override_partner,
            {{ text_field("Totsugo_Override_Reason__c") }} as override_reason,
            {{ date_field("Totsugo_Override_Until__c") }} as override_until,
            payload
        from source
        left join role_paths using (connection)
    )

select *
from renamed
