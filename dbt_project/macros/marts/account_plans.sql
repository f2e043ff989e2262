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

{# What industries are called by how records write them, folded: of two writings with one name the industry is one. #}
{% macro industry_names() %}
    select
        fold_text(substr(texts.key, length('plan.label.industry.') + 1)) as written,
        min(texts.ja) as name,
        min(run_texts.text) as told
    from {{ ref("texts") }} as texts
    inner join {{ ref("run_texts") }} as run_texts using (key)
    where starts_with(texts.key, 'plan.label.industry.')
    group by written
{% endmacro %}

{# Of n cases s with success: with one case for and one against added, since of few cases the part is no proof; null without any. #}
{% macro shrunk_share(successes, cases) -%}
    case when {{ cases }} > 0 then ({{ successes }} + 1) / ({{ cases }} + 2) end
{%- endmacro %}

{# Whether a partner's own cases are enough to go by, else those of all partners are taken. #}
{% macro has_enough(cases) -%} coalesce({{ cases }}, 0) >= {{ parameter("minimum_n", 10) }} {%- endmacro %}
