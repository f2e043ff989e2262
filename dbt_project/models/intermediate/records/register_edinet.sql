{{ config(materialized="view") }}

with
    listed as (select * from {{ source("raw", "edinet_companies") }}),

    -- a list that lacks the number of a company is helped by another that has it
    numbered as (
        select *, coalesce(corporate_number, max(corporate_number) over (partition by edinet_code)) as known_number
        from listed
    )

select
    known_number as corporate_number,
    edinet_code,
    trim(name) as name,
    nullif(trim(name_kana), '') as name_kana,
    nullif(trim(name_en), '') as name_en,
    nullif(trim(address), '') as address,
    first_listed_on,
    last_listed_on,
    _synced_at as synced_at
from numbered
where known_number is not null
