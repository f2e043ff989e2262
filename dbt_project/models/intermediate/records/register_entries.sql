with
    source as (select * from {{ source("raw", "company_register") }}),

    names as (select * from {{ ref("register_names") }})

select
    names.corporate_number,
    names.name,
    names.name_key,
    names.legal_form,
    names.legal_form_side,
    names.romaji_key,
    nullif(trim(source.name_kana), '') as name_kana,
    nullif(trim(source.name_en), '') as name_en,
    names.prefecture,
    names.city,
    names.town,
    names.block,
    names.postal_code,
    coalesce(source.close_date <= {{ as_of_date() }}, false) as is_closed,
    nullif(trim(source.successor_corporate_number), '') as successor_corporate_number
from source
inner join names on names.corporate_number = source.corporate_number
