with
    source as (
        {{
            newest_live(
                ["salesforce_user", "partner_salesforce_user"],
                ["Name", "Email", "IsActive", "Department", "Title"],
            )
        }}
    ),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ text_field("Name") }} as name,
            {{ text_field("Email") }} as email,
            {{ text_field("Department") }} as department,
            {{ text_field("Title") }} as title,
            {{ flag_field("IsActive") }} as is_active
        from source
    )

select *
from renamed
