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
    )

select
    corporate_number,
    name,
    name_kana,
    name_en,
    name_key(name) as name_key,
    legal_form(name) as legal_form,
    legal_form_side(name) as legal_form_side,
    romaji_key(name) as romaji_key,
    name_key(name_kana) as kana_key,
    coalesce(romaji_key(name_kana), romaji_key(name)) as sound,
    sound_core(coalesce(name_kana, name)) as spoken_core,
    sound_concepts(coalesce(name_kana, name)) as spoken_concepts,
    sound_whole(coalesce(name_kana, name)) as spoken_whole,
    sound_written(coalesce(name_kana, name)) as spoken_written,
    coalesce(address_prefecture(address), prefecture) as prefecture,
    coalesce(address_city(address), city) as city,
    address_town(address) as town,
    address_block(address) as block,
    postal_code(postal_code) as postal_code,
    registrable_domain(website) as domain,
    synced_at,
    normalizer_version() as normalizer
from changed
