{% set roles = [
    "introduced_with",
    "direction",
    "account",
    "company",
    "corporate_number",
    "introduction_status",
    "requested_on",
    "accepted_on",
    "met_on",
    "closed_on",
    "amount",
    "owner",
    "note",
] %}

with
    source as (
        {{
            claims_held(
                "hubspot_introduction",
                "introduced_with",
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
