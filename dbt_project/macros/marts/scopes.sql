{# A scope is a product line, or '*' for the whole company, which overlaps every line. #}
{% macro scopes_overlap(one, other) -%}
    ({{ one }} = {{ other }} or {{ one }} = '*' or {{ other }} = '*')
{%- endmacro %}

{# What two overlapping scopes have in common. #}
{% macro narrower_scope(one, other) -%} if({{ one }} = '*', {{ other }}, {{ one }}) {%- endmacro %}

{# The product line's name as people read it; null for the whole company. #}
{% macro scope_name(scope) -%}
    (select lines.name from {{ source("config", "product_lines") }} as lines where lines.product_line = {{ scope }})
{%- endmacro %}
