with
    source as (
        {{
            newest_live(
                ["hubspot_owners", "partner_hubspot_owners"],
                ["email", "firstName", "lastName", "archived"],
            )
        }}
    ),

    renamed as (
        select
            connection,
            party,
            native_id,
            coalesce(
                nullif(concat_ws(' ', {{ text_field("lastName") }}, {{ text_field("firstName") }}), ''),
                {{ text_field("email") }}
            ) as name,
            {{ text_field("email") }} as email,
            not coalesce({{ flag_field("archived") }}, false) as is_active
        from source
    )

select *
from renamed
