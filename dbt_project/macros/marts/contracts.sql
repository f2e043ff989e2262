{# The numbers of employees at which some contract begins or ends: between two of them all companies are alike to every partner. #}
{% macro size_steps() %}
    select 0 as from_employees
    union
    select try_cast(value as integer) + if(kind = 'employees_at_most', 1, 0)
    from {{ source("config", "territories") }}
    where kind in ('employees_at_least', 'employees_at_most')
{% endmacro %}

{# What each partner's contract is limited to, one row per partner; null where a kind does not limit. #}
{% macro contract_limits() %}
    select
        partner,
        list(fold_text(value)) filter (where kind = 'prefecture') as prefectures,
        list(fold_text(value)) filter (where kind = 'industry') as industries,
        max(try_cast(value as integer)) filter (where kind = 'employees_at_least') as at_least,
        min(try_cast(value as integer)) filter (where kind = 'employees_at_most') as at_most
    from {{ source("config", "territories") }}
    where kind <> 'product_line'
    group by partner
{% endmacro %}
