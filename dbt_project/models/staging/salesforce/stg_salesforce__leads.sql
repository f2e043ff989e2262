with
    source as (
        {{
            newest_live(
                ["salesforce_lead"],
                [
                    "Company",
                    "Email",
                    "Phone",
                    "Website",
                    "Country",
                    "PostalCode",
                    "State",
                    "City",
                    "Street",
                    "Industry",
                    "NumberOfEmployees",
                    "IsConverted",
                    "OwnerId",
                    "CreatedDate",
                    "LastActivityDate",
                    "SystemModstamp",
                ],
            )
        }}
    ),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("Lead") }} as record_id,
            nullif({{ text_field("Company") }}, '[not provided]') as company,
            {{ text_field("Email") }} as email,
            {{ text_field("Phone") }} as phone,
            {{ text_field("Website") }} as website,
            {{ text_field("Country") }} as country,
            {{ text_field("PostalCode") }} as postal_code,
            {{ text_field("State") }} as prefecture,
            {{ text_field("City") }} as city,
            {{ text_field("Street") }} as street,
            {{ text_field("Industry") }} as industry,
            {{ text_field("NumberOfEmployees") }} as employees,
            coalesce({{ flag_field("IsConverted") }}, false) as is_converted,
            {{ text_field("OwnerId") }} as owner_id,
            {{ date_field("CreatedDate") }} as created_on,
            {{ date_field("LastActivityDate") }} as last_activity_on,
            {{ moment_field("SystemModstamp") }} as updated_at,
            payload
        from source
    )

select *
from renamed
