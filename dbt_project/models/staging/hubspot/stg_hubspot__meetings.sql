with
    source as (
        {{
            newest_live(
                ["hubspot_meetings"],
                ["hs_meeting_title", "hs_timestamp", "hubspot_owner_id"],
                lists=["associated_company_ids"],
            )
        }}
    ),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ text_field("hs_meeting_title") }} as subject,
            {{ date_field("hs_timestamp") }} as activity_on,
            {{ text_field("hubspot_owner_id") }} as owner_id,
            coalesce(fields.associated_company_ids, []) as associated_company_ids
        from source
    )

select *
from renamed
