with
    source as (
        select *, {{ full_address("prefecture", "city", "street") }} as address
        from {{ source("raw", "company_register") }}
    )

select
    corporate_number,
    name,
    name_key(name) as name_key,
    legal_form(name) as legal_form,
    legal_form_side(name) as legal_form_side,
    romaji_key(name) as romaji_key,
    nullif(trim(name_kana), '') as name_kana,
    nullif(trim(name_en), '') as name_en,
    coalesce(address_prefecture(address), prefecture) as prefecture,
    coalesce(address_city(address), city) as city,
    address_town(address) as town,
    address_block(address) as block,
    postal_code(postal_code) as postal_code,
    coalesce(close_date <= {{ as_of_date() }}, false) as is_closed,
    nullif(trim(successor_corporate_number), '') as successor_corporate_number
from source
