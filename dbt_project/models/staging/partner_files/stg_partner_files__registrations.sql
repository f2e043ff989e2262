with
    source as ({{ list_rows_in_force("partner_registration_rows", "registrations") }}),

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
            status as status_word,
            owner as owner_name,
            registered_on,
            last_activity_on,
            amount,
            product,
            note,
            updated_at
        from source
    )

select *
from renamed
