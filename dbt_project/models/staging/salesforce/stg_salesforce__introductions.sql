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
                "salesforce_introduction",
                "introduced_with",
                roles,
                ["OwnerId", "CurrencyIsoCode", "CreatedDate", "SystemModstamp"],
            )
        }}
    )

select
    * exclude (fields),
    {{ text_field("OwnerId") }} as owner_id,
    {{ text_field("CurrencyIsoCode") }} as currency,
    {{ moment_field("CreatedDate") }} as created_at,
    {{ moment_field("SystemModstamp") }} as updated_at,
    cast([] as varchar[]) as associated_company_ids
from source
