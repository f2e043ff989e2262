{{ config(materialized="view") }}

with
    registered as (
        select
            *,
            nullif(trim(name_kana), '') as own_kana,
            nullif(trim(name_en), '') as own_english,
            {{ full_address("prefecture", "city", "street") }} as address
        from {{ source("raw", "company_register") }}
    ),

    edinet as (
        select *
        from {{ ref("register_edinet") }}
        qualify
            row_number() over (
                partition by corporate_number
                order by last_listed_on desc, first_listed_on desc, name_en is null, edinet_code
            )
            = 1
    ),

    gbizinfo as (
        select
            *,
            {{ katakana("name_kana") }} as own_kana,
            nullif(trim(name_en), '') as own_english,
            nullif(trim(website), '') as site
        from {{ source("raw", "gbizinfo_companies") }}
    ),

    companies as (
        select
            'register' as source,
            corporate_number,
            name,
            own_kana,
            own_english,
            prefecture,
            city,
            address,
            postal_code,
            close_date,
            nullif(trim(successor_corporate_number), '') as successor_corporate_number,
            _synced_at as synced_at
        from registered
        union all by name
        select
            'edinet' as source,
            corporate_number,
            name,
            name_kana as own_kana,
            name_en as own_english,
            address,
            synced_at
        from edinet
        where not exists (select 1 from registered where registered.corporate_number = edinet.corporate_number)
        union all by name
        select
            'gbizinfo' as source,
            corporate_number,
            name,
            own_kana,
            own_english,
            address,
            postal_code,
            close_date,
            _synced_at as synced_at
        from gbizinfo
        where
            not exists (select 1 from registered where registered.corporate_number = gbizinfo.corporate_number)
            and not exists (select 1 from edinet where edinet.corporate_number = gbizinfo.corporate_number)
    )

select
    companies.corporate_number,
    companies.source,
    companies.name,
    coalesce(companies.own_kana, edinet.name_kana, gbizinfo.own_kana) as name_kana,
    coalesce(companies.own_english, edinet.name_en, gbizinfo.own_english) as name_en,
    companies.prefecture,
    companies.city,
    companies.address,
    companies.postal_code,
    gbizinfo.site as website,
    companies.close_date,
    companies.successor_corporate_number,
    greatest(companies.synced_at, edinet.synced_at, gbizinfo._synced_at) as synced_at
from companies
left join edinet on edinet.corporate_number = companies.corporate_number
left join gbizinfo on gbizinfo.corporate_number = companies.corporate_number
