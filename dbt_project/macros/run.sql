{# Time is an input: the one row of config.run says when this run is, and in which time zone people read dates. #}
{% macro as_of_date() -%} (select as_of_date from {{ source("config", "run") }}) {%- endmacro %}

{% macro as_of() -%}(select as_of from {{ source("config", "run") }}) {%- endmacro %}

{% macro local_date(moment) -%}
    cast(timezone((select time_zone from {{ source("config", "run") }}), {{ moment }}) as date)
{%- endmacro %}
