{# Segments: conditions on fields that make a record a customer, an open opportunity, a target, or take it from the customers.
   Here: where the fields they name lie, and testing one value against one condition. What follows from it: intermediate/statuses. #}
{# Where a field lies in a row: a JSON pointer, in which nothing but ~ and / is special, since a heading of a file may hold any
   sign. #}
{% macro pointer_to(field) -%} '/' || replace(replace({{ field }}, '~', '~0'), '/', '~1') {%- endmacro %}

{# Texts as conditions compare them: without width and case; 3.0 is 3. #}
{% macro compared(text) -%} regexp_replace(fold_text({{ text }}), '^(-?[0-9]+)\.0+$', '\1') {%- endmacro %}

{# The number in a text, also as people write it into files: '1,200名', '120万円'. #}
{% macro number_in(text) -%}
    coalesce(try_cast({{ text }} as double), try_cast(parse_amount({{ text }}) as double), {{ first_number(text) }})
{%- endmacro %}

{# The day in a text: a CRM's date, moment or milliseconds; in files as people write it. #}
{% macro day_in(text, source_kind) -%}
    case
        when {{ source_kind }} = 'file'
        then try_cast(parse_date({{ text }}) as date)
        when length({{ text }}) = 10
        then try_cast({{ text }} as date)
        else
            {{
                local_date(
                    "coalesce(try_cast("
                    ~ text
                    ~ " as timestamptz), to_timestamp(try_cast("
                    ~ text
                    ~ " as bigint) / 1000))"
                )
            }}
    end
{%- endmacro %}

{# Whether "value" meets the condition, of which "wanted" are the texts as compared() makes them. A condition on time is met by
   any date: until when, or from when on, say its days, which time_edge() counts from. #}
{% macro condition_is_met() -%}
    case
        when operator in ('is', 'in')
        then coalesce(list_contains(wanted, {{ compared("value") }}), false)
        when operator in ('is_not', 'not_in')
        then not coalesce(list_contains(wanted, {{ compared("value") }}), false)
        when operator = 'contains'
        then coalesce(contains({{ compared("value") }}, wanted[1]), false)
        when operator = 'starts_with'
        then coalesce(starts_with({{ compared("value") }}, wanted[1]), false)
        when operator = 'empty'
        then value is null
        when operator = 'not_empty'
        then value is not null
        when operator = 'at_least'
        then coalesce({{ number_in("value") }} >= number, false)
        when operator = 'at_most'
        then coalesce({{ number_in("value") }} <= number, false)
        when operator = 'since'
        then true
        else {{ day_in("value", "source") }} is not null
    end
{%- endmacro %}

{# The last day that is not longer ago than the condition says. #}
{% macro time_edge() -%}
    case
        when operator in ('within_days', 'not_within_days')
        then {{ day_in("value", "source") }} + number::integer
        when operator in ('within_months', 'not_within_months')
        then ({{ day_in("value", "source") }} + to_months(number::integer))::date
        when operator = 'since'
        then {{ day_in("value", "source") }}
    end
{%- endmacro %}
