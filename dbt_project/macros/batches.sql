{# Which batch a row belongs to, where list_<function> normalizes ten thousands of texts at once. #}
{% macro batch_of(key, relation) -%}
    hash({{ key }}) % (select 1 + cast(floor(count(*) / 50000) as bigint) from {{ relation }})
{%- endmacro %}
