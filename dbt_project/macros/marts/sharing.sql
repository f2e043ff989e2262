{# A value that goes out only where the policy names its field; `partners` is share_partners under that name. #}
{% macro shared_field(field, value) -%}
    case when list_contains(partners.fields, '{{ field }}') then {{ value }} end
{%- endmacro %}

{# The facts of a company that may go out with it, its traits as `traits` has them; `companies` is share_companies, `partners` is
   share_partners. #}
{% macro shared_company(traits="companies") -%}
    companies.partner_record_id,
    companies.their_id,
    companies.company_name,
    {{ shared_field("corporate_number", traits ~ ".corporate_number") }} as corporate_number,
    {{ shared_field("prefecture", traits ~ ".prefecture") }} as prefecture,
    {{ shared_field("city", traits ~ ".city") }} as city,
    {{ shared_field("industry", traits ~ ".industry") }} as industry,
    {{ shared_field("employees", traits ~ ".employees") }} as employees
{%- endmacro %}

{# Key of a row of a share: another one for every partner, and without the secret nobody can tell what it is made of. #}
{% macro share_key(partner, of) -%}
    left(
        sha256((select secret from {{ source("state", "share_secret") }}) || '|' || {{ partner }} || '|' || {{ of }}),
        16
    )
{%- endmacro %}

{# The product line of a scope as people call it; null for the whole company. `lines` is config.product_lines. #}
{% macro shared_line(scope) -%} case when {{ scope }} <> '*' then coalesce(lines.name, {{ scope }}) end {%- endmacro %}

{# The same of a row for one product line, or for the whole company; `companies` is share_companies. #}
{% macro share_line_key(scope) -%}
    if(
        {{ scope }} = '*',
        companies.row_key,
        {{ share_key("companies.partner", "companies.company_id || '|' || " ~ scope) }}
    )
{%- endmacro %}
