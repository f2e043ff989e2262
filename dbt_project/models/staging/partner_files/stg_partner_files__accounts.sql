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
    source as ({{ list_rows_in_force("partner_list_rows", "accounts") }}),

    renamed as (
        select
            partner as party,
            list,
            partner || '/' || list as connection,
            version_order,
            row_number,
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
