{% set roles = [
    "registered_by",
    "account",
    "company",
    "corporate_number",
    "product",
    "amount",
    "registered_on",
    "registration_status",
    "last_activity_on",
    "owner",
    "note",
] %}

with
    source as (
        {{
            claims_held(
                "hubspot_registration",
                "registered_by",
                roles,
                ["hubspot_owner_id", "hs_createdate", "hs_lastmodifieddate"],
                ["associated_company_ids"],
            )
        }}
    )

select
    * exclude (fields),
    {{ text_field("hubspot_owner_id") }} as owner_id,
    cast(null as varchar) as currency,
    {{ moment_field("hs_createdate") }} as created_at,
    {{ moment_field("hs_lastmodifieddate") }} as updated_at,
    coalesce(fields.associated_company_ids, []) as associated_company_ids
from source
