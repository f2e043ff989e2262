{{ config(materialized="view") }}

with
    by_the_register as (
        select corporate_number, 'former' as kind, name, valid_from, valid_until
        from {{ ref("register_former_names") }}
        union all by name
        select corporate_number, 'kana' as kind, trim(name_kana) as name
        from {{ source("raw", "company_register") }}
        union all by name
        select corporate_number, 'english' as kind, trim(name_en) as name
        from {{ source("raw", "company_register") }}
    ),

    by_edinet as (select * from {{ ref("register_edinet_names") }}),

    by_gbizinfo as (
        select corporate_number, 'former' as kind, name
        from {{ source("raw", "gbizinfo_companies") }}
        union all by name
        select corporate_number, 'kana' as kind, {{ katakana("name_kana") }} as name
        from {{ source("raw", "gbizinfo_companies") }}
        union all by name
        select corporate_number, 'english' as kind, trim(name_en) as name
        from {{ source("raw", "gbizinfo_companies") }}
    ),

    by_our_files as (select * from {{ ref("register_file_aliases") }} where corporate_number is not null),

    stated as (
        select corporate_number, kind, name, valid_from, valid_until, 'register' as source, 1 as source_rank
        from by_the_register
        union all by name
        select corporate_number, kind, name, valid_until, last_listed_on, 'edinet' as source, 2 as source_rank
        from by_edinet
        union all by name
        select corporate_number, kind, name, 'gbizinfo' as source, 3 as source_rank
        from by_gbizinfo
        union all by name
        select corporate_number, kind, alias as name, valid_from, valid_until, 'file' as source, 4 as source_rank
        from by_our_files
    ),

    -- when the company took its present name, every other name that was told before ended
    renamed as (select corporate_number, change_date from {{ source("raw", "company_register") }} where process = '11')

select
    stated.corporate_number,
    stated.kind,
    stated.name,
    stated.valid_from,
    coalesce(
        stated.valid_until,
        case when stated.kind = 'former' and renamed.change_date > stated.last_listed_on then renamed.change_date end
    ) as valid_until,
    stated.source,
    stated.source_rank,
    stated.kind = 'kana' and stated.name is not distinct from names.name_kana as is_own_reading
from stated
inner join {{ ref("register_names") }} as names on names.corporate_number = stated.corporate_number
left join renamed on renamed.corporate_number = stated.corporate_number
where stated.name != '' and not (stated.kind in ('former', 'short', 'trade') and stated.name = names.name)
