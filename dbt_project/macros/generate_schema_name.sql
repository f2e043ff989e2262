{# Schemas are named as they are: no target prefix, since each warehouse is a file of its own. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
