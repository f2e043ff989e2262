{# Newest version of every live record in raw CRM tables of one shape (ours and the partners'), with its party, and the
   payload parsed once into the struct "fields". Deleted and merged records leave after the newest version is chosen:
   an older version of theirs must not come back. "lists" are fields that hold an array. NUL characters, which CRMs let
   through and sheets and slides do not, stay in raw. #}
{% macro newest_live(tables, fields, lists=[]) %}
    select
        versions.connection,
        connections.party,
        versions.id as native_id,
        versions.payload,
        json_transform(versions.payload, '{{ payload_shape(fields, lists) }}') as fields
    from
        (
            {% for table in tables %}
                select * replace ({{ without_nul("payload") }} as payload)
                from {{ source("raw", table) }}
                {% if not loop.last %}
                    union all
                {% endif %}
            {% endfor %}
        ) as versions
    inner join {{ source("config", "connections") }} as connections using (connection)
    qualify
        row_number() over (
            partition by versions.connection, versions.id
            order by versions._synced_at desc, versions.modified_at desc nulls last
        )
        = 1
        and not versions._deleted
        and versions._merged_into is null
{% endmacro %}

{# JSON without the escapes of NUL characters; a typed backslash is a pair of them, and so keeps a "u0000" that follows it. #}
{% macro without_nul(payload) -%}
    case
        when contains({{ payload }}::varchar, '\u0000')
        then regexp_replace({{ payload }}::varchar, '(\\\\)|\\u0000', '\1', 'g')::json
        else {{ payload }}
    end
{%- endmacro %}

{% macro payload_shape(fields, lists) -%}
    {
        {%- for field in fields -%}"{{ field }}":"VARCHAR"{{ "," if not loop.last or lists }} {%- endfor -%}
        {%- for list in lists -%} "{{ list }}":["VARCHAR"]{{ "," if not loop.last }} {%- endfor -%}
    }
{%- endmacro %}

{# Typed access to one member of "fields"; empty text is null. #}
{% macro text_field(field) -%} nullif(trim(fields.{{ field }}), '') {%- endmacro %}

{% macro number_field(field) -%} try_cast(fields.{{ field }} as double) {%- endmacro %}

{% macro flag_field(field) -%} try_cast(fields.{{ field }} as boolean) {%- endmacro %}

{# ISO text, or HubSpot's milliseconds since 1970. #}
{% macro moment_field(field) -%}
    coalesce(try_cast(fields.{{ field }} as timestamptz), to_timestamp(try_cast(fields.{{ field }} as bigint) / 1000))
{%- endmacro %}

{# A plain date stays as it is; a moment becomes the date on which people of the vendor's time zone lived it. #}
{% macro date_field(field) -%}
    case
        when length(fields.{{ field }}) = 10
        then try_cast(fields.{{ field }} as date)
        else {{ local_date(moment_field(field)) }}
    end
{%- endmacro %}

{# One row per connection: the path in the payload of the field that plays each role there, null where none does. #}
{% macro role_paths(object, roles) %}
    select
        connection
        {% for role in roles %}, max('$."' || field || '"') filter (role = '{{ role }}') as {{ role }}_path {% endfor %}
    from {{ source("config", "field_roles") }}
    where object = '{{ object }}'
    group by connection
{% endmacro %}

{% macro role_field(role) -%} nullif(trim(json_extract_string(payload, {{ role }}_path)), '') {%- endmacro %}

{% macro record_id(object, native_id="native_id", connection="connection") -%}
    {{ connection }} || ':{{ object }}:' || {{ native_id }}
{%- endmacro %}

{# 都道府県 + 市区町村 + 番地 in one line; a part that the next one repeats is said once. #}
{% macro full_address(prefecture, city, street) -%}
    nullif(
        concat(
            case
                when
                    starts_with(coalesce({{ city }}, ''), {{ prefecture }})
                    or starts_with(coalesce({{ street }}, ''), {{ prefecture }})
                then ''
                else {{ prefecture }}
            end,
            case when starts_with(coalesce({{ street }}, ''), {{ city }}) then '' else {{ city }} end,
            {{ street }}
        ),
        ''
    )
{%- endmacro %}
