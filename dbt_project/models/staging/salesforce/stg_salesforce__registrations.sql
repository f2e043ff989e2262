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
                "salesforce_registration",
                "registered_by",
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
