{# Which proposed introduction goes first: one not refused before, the cell's order, then what it is likely to bring. #}
{% macro introductions_in_order() -%}
    was_declined,
    introduction_order,
    chance * coalesce(expected_value, 0) desc,
    chance desc,
    md5(partner || '|' || company_id)
{%- endmacro %}
