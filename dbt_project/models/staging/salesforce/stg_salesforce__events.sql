with
    source as (
        {{
            newest_live(
                ["salesforce_event"],
                [
                    "AccountId",
                    "WhatId",
                    "WhoId",
                    "Subject",
                    "ActivityDate",
                    "StartDateTime",
                    "OwnerId",
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
            {{ text_field("WhatId") }} as what_id,
            {{ text_field("WhoId") }} as who_id,
            {{ text_field("Subject") }} as subject,
            coalesce({{ date_field("ActivityDate") }}, {{ date_field("StartDateTime") }}) as activity_on,
            {{ text_field("OwnerId") }} as owner_id
        from source
    )

select *
from renamed
