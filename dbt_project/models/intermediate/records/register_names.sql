{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="corporate_number",
        on_schema_change="append_new_columns",
        post_hook="delete from {{ this }} where corporate_number not in (select corporate_number from {{ ref('register_companies') }})",
    )
}}

with
    source as (select * from {{ ref("register_companies") }}),

    changed as (
        select *
        from source
        {% if is_incremental() %}
            where
                not exists (
                    select 1
                    from {{ this }} as held
                    where
                        held.corporate_number = source.corporate_number
                        and held.synced_at = source.synced_at
                        and held.normalizer = normalizer_version()
                )
        {% endif %}
    ),

    -- ten thousands of texts a call, see list_<function> in pipelines/normalize/functions.py
    batches as (
        select
            list(corporate_number) as corporate_number,
            list(name) as name,
            list(name_kana) as name_kana,
            list(name_en) as name_en,
            list(coalesce(name_kana, name)) as spoken,
            list(address) as address,
            list(prefecture) as prefecture,
            list(city) as city,
            list(postal_code) as postal_code,
            list(website) as website,
            list(synced_at) as synced_at
        from changed
        group by {{ batch_of("corporate_number", "changed") }}
    ),

    normalized as (
        select
            unnest(corporate_number) as corporate_number,
            unnest(name) as name,
            unnest(name_kana) as name_kana,
            unnest(name_en) as name_en,
            unnest(list_name_key(name)) as name_key,
            unnest(list_legal_form(name)) as legal_form,
            unnest(list_legal_form_side(name)) as legal_form_side,
            unnest(list_romaji_key(name)) as romaji_key,
            unnest(list_name_key(name_kana)) as kana_key,
            unnest(list_romaji_key(name_kana)) as kana_sound,
            unnest(list_sound_core(spoken)) as spoken_core,
            unnest(list_sound_concepts(spoken)) as spoken_concepts,
            unnest(list_sound_whole(spoken)) as spoken_whole,
            unnest(list_sound_written(spoken)) as spoken_written,
            unnest(list_address_prefecture(address)) as address_prefecture,
            unnest(prefecture) as own_prefecture,
            unnest(list_address_city(address)) as address_city,
            unnest(city) as own_city,
            unnest(list_address_town(address)) as town,
            unnest(list_address_block(address)) as block,
            unnest(list_postal_code(postal_code)) as postal_code,
            unnest(list_registrable_domain(website)) as domain,
            unnest(synced_at) as synced_at
        from batches
    )

select
    corporate_number,
    name,
    name_kana,
    name_en,
    name_key,
    legal_form,
    legal_form_side,
    romaji_key,
    kana_key,
    coalesce(kana_sound, romaji_key) as sound,
    spoken_core,
    spoken_concepts,
    spoken_whole,
    spoken_written,
    coalesce(address_prefecture, own_prefecture) as prefecture,
    coalesce(address_city, own_city) as city,
    town,
    block,
    postal_code,
    domain,
    synced_at,
    normalizer_version() as normalizer
from normalized
