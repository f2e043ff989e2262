with
    stated as (
        select
            *,
            valid_corporate_number(corporate_number) as stated_number,
            name_key(name) as stated_key,
            legal_form(name) as stated_form
        from {{ source("raw", "company_aliases") }}
    ),

    entries as (select * from {{ ref("register_entries") }}),

    -- a name without its legal form may mean any company of that name
    meant as (
        select stated.file, stated.row_number, entries.corporate_number
        from stated
        inner join entries on entries.corporate_number = stated.stated_number
        union all
        select stated.file, stated.row_number, entries.corporate_number
        from stated
        inner join
            entries
            on entries.name_key = stated.stated_key
            and (entries.legal_form = stated.stated_form or stated.stated_form is null)
        where stated.stated_number is null and not entries.is_closed
    ),

    counted as (
        select
            file, row_number, min(corporate_number) as corporate_number, count(distinct corporate_number) as candidates
        from meant
        group by file, row_number
    )

select
    stated.file,
    stated.row_number,
    case when counted.candidates = 1 then counted.corporate_number end as corporate_number,
    stated.name,
    stated.kind,
    stated.alias,
    stated.valid_from,
    stated.valid_until,
    coalesce(counted.candidates, 0) as candidates
from stated
left join counted on counted.file = stated.file and counted.row_number = stated.row_number
