{{ config(materialized="view") }}

with
    listed as (select * from {{ ref("register_edinet") }}),

    names as (
        select corporate_number, 'former' as kind, name, first_listed_on, last_listed_on
        from listed
        union all
        select corporate_number, 'kana' as kind, name_kana as name, first_listed_on, last_listed_on
        from listed
        union all
        select corporate_number, 'english' as kind, name_en as name, first_listed_on, last_listed_on
        from listed
    ),

    spans as (
        select
            corporate_number, kind, name, min(first_listed_on) as first_listed_on, max(last_listed_on) as last_listed_on
        from names
        where name is not null
        group by corporate_number, kind, name
    ),

    -- the day of the first list that shows another name instead: the name was given up on it at the latest
    given_up as (
        select
            spans.corporate_number,
            spans.kind,
            spans.name,
            min(
                case
                    when later.first_listed_on > spans.last_listed_on
                    then later.first_listed_on
                    else later.last_listed_on
                end
            ) as valid_until
        from spans
        inner join
            spans as later
            on later.corporate_number = spans.corporate_number
            and later.kind = spans.kind
            and later.last_listed_on > spans.last_listed_on
        group by spans.corporate_number, spans.kind, spans.name
    )

select spans.corporate_number, spans.kind, spans.name, given_up.valid_until, spans.last_listed_on
from spans
left join
    given_up
    on given_up.corporate_number = spans.corporate_number
    and given_up.kind = spans.kind
    and given_up.name = spans.name
