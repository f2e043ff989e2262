{# Segments: conditions on fields that make a record a customer, an open opportunity, a target, or take it from the customers.
   Here: reading the fields they name, and testing one value against one condition. What follows from it: intermediate/statuses. #}
{# The fields of one object that a party's segments name: one row per party. #}
{% macro fields_of_segments(source_kind, object) %}
    select party, list(distinct field order by field) as names
    from
        (
            select party, field
            from {{ source("config", "segment_conditions") }}
            where source = '{{ source_kind }}' and object = '{{ object }}'
            union all
            select party, since_field
            from {{ source("config", "segments") }}
            where source = '{{ source_kind }}' and object = '{{ object }}' and since_field is not null
        )
    group by party
{% endmacro %}

{# Field -> text of those fields alone, null where empty: one pass here spares every condition the parsing. A name is a JSON
   pointer, in which nothing but ~ and / is special: a heading may hold any sign. #}
{% macro named_fields(names, payload) -%}
    map_from_entries(
        list_transform(
            coalesce({{ names }}, []),
            lambda name: {
                'key':name,
                'value':
                nullif(
                    trim(json_extract_string({{ payload }}, '/' || replace(replace(name, '~', '~0'), '/', '~1'))), ''
                )
            }
        )
    )
{%- endmacro %}

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

{# Whether "value" meets the condition, of which "wanted" are the texts as compared() makes them. A date meets each of the four
   conditions on time here: until when, or from when on, says the day that time_edge() gives. #}
{% macro condition_is_met(source_kind) -%}
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
        then coalesce({{ number_in("value") }} >= limit_value, false)
        when operator = 'at_most'
        then coalesce({{ number_in("value") }} <= limit_value, false)
        else {{ day_in("value", source_kind) }} is not null
    end
{%- endmacro %}

{# The last day that is not longer ago than the condition says. #}
{% macro time_edge(source_kind) -%}
    case
        when operator in ('within_days', 'not_within_days')
        then {{ day_in("value", source_kind) }} + limit_value::integer
        when operator in ('within_months', 'not_within_months')
        then ({{ day_in("value", source_kind) }} + to_months(limit_value::integer))::date
    end
{%- endmacro %}
