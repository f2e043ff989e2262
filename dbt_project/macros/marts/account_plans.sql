{# What several account plan models share. #}
{# Our fiscal year of a day, named by the year in which it begins. #}
{% macro fiscal_year(day) -%}
    year({{ day }} - to_months({{ parameter("fiscal_year_starts_in", 4) }} - 1))::integer
{%- endmacro %}

{# The partners that get a plan: all that have not ended. #}
{% macro planned_partners() %}
    select party as partner, party_type, position
    from {{ source("config", "parties") }}
    where party <> 'us' and stage <> 'ended'
{% endmacro %}

{# Of n cases s with success: with one case for and one against added, since of few cases the part is no proof; null without any. #}
{% macro shrunk_share(successes, cases) -%}
    case when {{ cases }} > 0 then ({{ successes }} + 1) / ({{ cases }} + 2) end
{%- endmacro %}

{# Value columns of a struct that no case has: the partner's own cases where there are enough, else all. #}
{% macro has_enough(cases) -%} coalesce({{ cases }}, 0) >= {{ parameter("minimum_n", 10) }} {%- endmacro %}
