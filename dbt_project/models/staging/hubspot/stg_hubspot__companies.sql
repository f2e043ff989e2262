{{ config(materialized="table") }}  -- read by many models: the payload is parsed once

{% set roles = ["corporate_number", "name_kana", "name_en", "partner_of_record"] %}

with
    source as (
        {{
            newest_live(
                ["hubspot_companies", "partner_hubspot_companies"],
                [
                    "name",
                    "domain",
                    "website",
                    "phone",
                    "country",
                    "zip",
                    "state",
                    "city",
                    "address",
                    "industry",
                    "numberofemployees",
                    "lifecyclestage",
                    "hubspot_owner_id",
                    "hs_parent_company_id",
                    "createdate",
                    "hs_lastmodifieddate",
                    "notes_last_contacted",
                    "totsugo_override",
                    "totsugo_override_partner",
                    "totsugo_override_reason",
                    "totsugo_override_until",
                ],
            )
        }}
    ),

    role_paths as ({{ role_paths("companies", roles) }}),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("companies") }} as record_id,
            {{ text_field("name") }} as name,
            coalesce({{ text_field("domain") }}, {{ text_field("website") }}) as website,
            {{ text_field("phone") }} as phone,
            {{ text_field("country") }} as country,
            {{ text_field("zip") }} as postal_code,
            {{ text_field("state") }} as prefecture,
            {{ text_field("city") }} as city,
            {{ text_field("address") }} as street,
            {{ text_field("industry") }} as industry,
            {{ text_field("numberofemployees") }} as employees,
            lower({{ text_field("lifecyclestage") }}) as lifecycle_stage,
            {{ text_field("hubspot_owner_id") }} as owner_id,
            {{ text_field("hs_parent_company_id") }} as parent_id,
            {{ date_field("createdate") }} as created_on,
            {{ date_field("notes_last_contacted") }} as last_activity_on,
            {{ moment_field("hs_lastmodifieddate") }} as updated_at,
            {% for role in roles %} {{ role_field(role) }} as {{ role }}, {% endfor %}
            lower({{ text_field("totsugo_override") }}) as override,
            {{ text_field("totsugo_override_partner") }} as override_partner,
            {{ text_field("totsugo_override_reason") }} as override_reason,
            {{ date_field("totsugo_override_until") }} as override_until,
            payload
        from source
        left join role_paths using (connection)
    )

select *
from renamed
