{# Sentences for people, put together from run_texts. #}
{% macro run_text(key) -%} (select text from {{ ref("run_texts") }} where key = '{{ key }}') {%- endmacro %}

{# A no-approach reason with the product line that it is limited to, and the group company from which it reaches here. #}
{% macro bar_reason(reason, product_line, via_company) -%}
    {{ reason }}
    || coalesce(replace({{ run_text("crm.in_product_line") }}, '{product_line}', {{ product_line }}), '')
    || coalesce(replace({{ run_text("crm.via_group") }}, '{company}', {{ via_company }}), '')
{%- endmacro %}
