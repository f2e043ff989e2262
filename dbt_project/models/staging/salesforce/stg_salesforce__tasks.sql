with
    source as (
        {{
            newest_live(
                ["salesforce_task"],
                [
                    "AccountId",
                    "WhatId",
                    "WhoId",
                    "Subject",
                    "Status",
                    "ActivityDate",
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
            {{ text_field("Status") }} as task_status,
            {{ date_field("ActivityDate") }} as activity_on,
            {{ text_field("OwnerId") }} as owner_id
        from source
    )

select *
from renamed
