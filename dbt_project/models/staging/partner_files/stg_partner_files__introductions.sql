with
    source as ({{ list_rows_in_force("partner_introduction_rows", "introductions") }}),

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
            direction as direction_word,
            status as status_word,
            outcome as outcome_word,
            owner as owner_name,
            requested_on,
            accepted_on,
            met_on,
            closed_on,
            amount,
            product,
            note,
            updated_at
        from source
    )

select *
from renamed
