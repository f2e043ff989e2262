with companies as (select * from {{ ref("register_companies") }}), names as (select * from {{ ref("register_names") }})

select
    names.corporate_number,
    companies.source,
    names.name,
    names.name_key,
    names.legal_form,
    names.legal_form_side,
    names.romaji_key,
    names.name_kana,
    names.kana_key,
    names.sound,
    names.name_en,
    names.spoken_core,
    names.spoken_concepts,
    names.spoken_whole,
    names.spoken_written,
    names.prefecture,
    names.city,
    names.town,
    names.block,
    names.postal_code,
    names.domain,
    coalesce(companies.close_date <= {{ as_of_date() }}, false) as is_closed,
    companies.successor_corporate_number
from companies
inner join names on names.corporate_number = companies.corporate_number
