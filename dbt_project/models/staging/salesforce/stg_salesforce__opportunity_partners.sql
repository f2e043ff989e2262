with
    source as (
        {{ newest_live(["salesforce_opportunitypartner"], ["OpportunityId", "AccountToId", "Role", "IsPrimary"]) }}
    ),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ text_field("OpportunityId") }} as opportunity_id,
            {{ text_field("AccountToId") }} as partner_account_id,
            {{ text_field("Role") }} as role,
            coalesce({{ flag_field("IsPrimary") }}, false) as is_primary
        from source
    )

select *
from renamed
