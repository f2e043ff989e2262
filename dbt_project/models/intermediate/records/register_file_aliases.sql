with
    stated as (
        select
            *,
            valid_corporate_number(corporate_number) as stated_number,
            name_key(name) as stated_key,
            legal_form(name) as stated_form
        from {{ source("raw", "company_aliases") }}
    ),

    entries as (select * from {{ ref("register_entries") }} where not is_closed),

    -- a name without its legal form may mean any company of that name
    bearers as (
        select
            stated.file,
            stated.row_number,
            min(entries.corporate_number) as corporate_number,
            count(distinct entries.corporate_number) as candidates
        from stated
        inner join
            entries
            on entries.name_key = stated.stated_key
            and (entries.legal_form = stated.stated_form or stated.stated_form is null)
        where stated.stated_number is null
        group by stated.file, stated.row_number
    )

select
    stated.file,
    stated.row_number,
    coalesce(
        stated.stated_number, case when bearers.candidates = 1 then bearers.corporate_number end
    ) as corporate_number,
    stated.name,
    stated.kind,
    stated.alias,
    stated.valid_from,
    stated.valid_until,
    case when stated.stated_number is not null then 1 else coalesce(bearers.candidates, 0) end as candidates
from stated
left join bearers on bearers.file = stated.file and bearers.row_number = stated.row_number
