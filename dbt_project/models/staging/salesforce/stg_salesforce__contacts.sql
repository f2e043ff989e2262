with
    source as (
        {{
            newest_live(
                ["salesforce_contact"],
                [
                    "AccountId",
                    "LastName",
                    "FirstName",
                    "Title",
                    "Department",
                    "Email",
                    "Phone",
                    "ReportsToId",
                    "OwnerId",
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
            {{ text_field("AccountId") }} as account_id,
            nullif(concat_ws(' ', {{ text_field("LastName") }}, {{ text_field("FirstName") }}), '') as name,
            {{ text_field("Title") }} as title,
            {{ text_field("Department") }} as department,
            {{ text_field("Email") }} as email,
            {{ text_field("Phone") }} as phone,
            {{ text_field("ReportsToId") }} as reports_to_id,
            {{ text_field("OwnerId") }} as owner_id,
            {{ moment_field("SystemModstamp") }} as updated_at
        from source
    )

select *
from renamed
