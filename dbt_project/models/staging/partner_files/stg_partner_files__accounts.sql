{% set native_columns = [
    "native_id",
    "name",
    "name_kana",
    "name_en",
    "corporate_number",
    "website",
    "email",
    "phone",
    "postal_code",
    "prefecture",
    "address",
    "industry",
    "employees",
    "status",
    "owner",
    "last_activity_on",
    "amount",
    "product",
    "note",
] %}

with
    listed as ({{ list_rows_in_force("partner_list_rows", "accounts") }}),

    -- companies that we showed the partner, that it has no record of, and that it says it knows
    returned as (
        {{
            returned_rows(
                ["status", "already_served"], ["name", "corporate_number", "prefecture"], "record_id is null"
            )
        }}
    ),

    source as (
        select *, partner as party, partner || '/' || list as connection
        from listed
        union all by name
        select * exclude (received_at)
        from returned
        qualify row_number() over (partition by party, claim_key order by updated_at desc, row_number) = 1
    ),

    renamed as (
        select
            party,
            list,
            connection,
            version_order,
            row_number,
            claim_key,
            native_id,
            name,
            name_kana,
            name_en,
            corporate_number,
            website,
            email,
            phone,
            postal_code,
            prefecture,
            {{ full_address("prefecture", "null", "address") }} as address,
            industry,
            employees,
            status as status_word,
            default_status,
            owner as owner_name,
            last_activity_on,
            amount,
            product,
            note,
            updated_at,
            {{ list_payload(native_columns) }} as payload
        from source
    )

select *
from renamed
