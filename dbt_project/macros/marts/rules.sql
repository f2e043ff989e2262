{# Small words of the rules, so that each stands in one place. #}
{# How warm a status is, the warmest first. #}
{% macro status_rank(status) -%}
    case
        {{ status }}
        when 'customer'
        then 1
        when 'open_opportunity'
        then 2
        when 'target'
        then 3
        when 'known'
        then 4
        else 5
    end
{%- endmacro %}

{# Which of several statuses a cell takes, the lowest first: the order that the yaml states. status_rank stays the warmth of a status. #}
{% macro status_precedence(status) -%}
    coalesce(
        list_position((select list(status order by rank) from {{ source("config", "status_order") }}), {{ status }}), 9
    )
{%- endmacro %}

{# Every no-approach rule, in the order in which they are named where several apply. #}
{% macro rule_names() -%}
    [
        'restricted',
        'blocked',
        'our_customer',
        'our_open_opportunity',
        'registered_by_other',
        'customer_of_other_partner',
        'out_of_contract'
    ]
{%- endmacro %}

{% macro rule_rank(rule) -%} list_position({{ rule_names() }}, {{ rule }}) {%- endmacro %}

{# A claim (案件登録) that holds its company for the partner. #}
{% macro is_live_claim(status) -%} {{ status }} in ('pending', 'approved', 'extended') {%- endmacro %}

{# One number of config.parameters as an integer; the default where the yaml names none. #}
{% macro parameter(name, default) -%}
    (
        select coalesce(max(value), {{ default }})::integer
        from {{ source("config", "parameters") }}
        where name = '{{ name }}'
    )
{%- endmacro %}

{# The day N business days (Monday to Friday) after a day; a weekend day counts as its Friday. #}
{% macro business_days_after(day, days) -%}
    (
        {{ day }}
        - greatest(isodow({{ day }}) - 5, 0)::integer
        + ({{ days }})::integer
        + 2 * floor((least(isodow({{ day }}), 5) - 1 + ({{ days }})::integer) / 5)::integer
    )
{%- endmacro %}

{# A company name as people say it in a short text, without its legal form. #}
{% macro short_name(name) -%}
    coalesce(nullif(trim(regexp_replace({{ name }}, '株式会社|有限会社|合同会社|\(株\)|（株）|㈱', '', 'g')), ''), {{ name }})
{%- endmacro %}

{# A text cut to what a CRM field holds; the cut is visible. #}
{% macro fit(value, length) -%}
    case when length({{ value }}) > {{ length }} then left({{ value }}, {{ length - 1 }}) || '…' else {{ value }} end
{%- endmacro %}
