{# Amounts in a currency without a rate in the yaml count with nothing: a warning with their number, since the rest goes on. #}
{% test no_rate_lacks(model, column_name) %}
    {{ config(severity="warn") }} select * from {{ model }} where {{ column_name }}
{% endtest %}
