{{ config(materialized="view") }}

with
    states as (
        select seen.*, seen.name = present.name as is_present
        from {{ source("raw", "company_register_names") }} as seen
        inner join
            {{ source("raw", "company_register") }} as present on present.corporate_number = seen.corporate_number
    ),

    in_order as (
        select *, row_number() over history as place, lag(name) over history as name_before
        from states
        window
            history as (
                partition by corporate_number
                order by update_date nulls first, change_date nulls first, is_present, process, name
            )
    ),

    -- one row for each time that a name began; what was before the register itself began nobody tells
    beginnings as (
        select
            corporate_number,
            name,
            case
                when process = '11' or (process = '01' and change_date > date '2015-10-05') then change_date
            end as valid_from,
            lead(coalesce(change_date, update_date)) over (partition by corporate_number order by place) as valid_until
        from in_order
        where name_before is distinct from name
    )

-- of a name borne twice the later time
select corporate_number, name, max(valid_from) as valid_from, max(valid_until) as valid_until
from beginnings
group by corporate_number, name
having count(*) = count(valid_until)
