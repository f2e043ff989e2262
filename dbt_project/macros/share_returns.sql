{# Accepted returns of these kinds as rows of a list: `columns` are those of the list that a partner may have filled in.
   Together they are a list of the partner's own that only grows, named as no list of the yaml can be. #}
{% macro returned_rows(kinds, columns, which="true") %}
    select
        party,
        '_returns' as list,
        {{ returned_connection("party") }} as connection,
        1 as version_order,
        cast(row_number() over (partition by party order by received_at, kind, row_key) as integer) as row_number,
        row_key as claim_key,
        {% for column in columns %} content ->> '{{ column }}' as {{ column }}, {% endfor %}
        received_at,
        said_at as updated_at
    from {{ ref("stg_share_returns") }}
    where
        kind in ({% for kind in kinds %}'{{ kind }}' {{- "," if not loop.last -}} {% endfor %})
        and content ->> 'name' is not null
        and {{ which }}
{% endmacro %}

{# Where records come from that a partner added in what it sent back. #}
{% macro returned_connection(party) -%} {{ party }} || '/_returns' {%- endmacro %}
