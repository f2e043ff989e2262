{% set filled_in = [
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
    "status",
    "owner",
    "registered_on",
    "last_activity_on",
    "amount",
    "product",
    "note",
] %}

with
    listed as ({{ list_rows_in_force("partner_registration_rows", "registrations") }}),

    returned as ({{ returned_rows(["registration"], filled_in) }}),

    source as (
        select *, partner as party, partner || '/' || list as connection
        from listed
        union all by name
        select *
        from returned
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
            status as status_word,
            owner as owner_name,
            registered_on,
            last_activity_on,
            amount,
            product,
            note,
            received_at,
            updated_at
        from source
    )

select *
from renamed
