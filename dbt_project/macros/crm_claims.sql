{# Deal registrations and introductions that our CRMs hold in objects of our own: which object, and which of its fields means
   what, the yaml says by roles. #}
{# The live rows of those objects, every role under its own name as text. An object that has lost its role is out of force. #}
{% macro claims_held(table, key_role, roles, fields, lists=[]) %}
    with
        source as ({{ newest_live([table], ["_object"] + fields, lists) }}),

        role_paths as (
            select
                connection,
                object
                {% for role in roles %}
                    , max('$."' || field || '"') filter (role = '{{ role }}') as {{ role }}_path
                {% endfor %}
            from {{ source("config", "field_roles") }}
            group by connection, object
            having {{ key_role }}_path is not null
        )

    select
        source.connection,
        source.party,
        role_paths.object,
        source.native_id,
        source.connection || ':' || role_paths.object || ':' || source.native_id as claim_id,
        source.fields
        {% for role in roles %}, {{ role_field(role) }} as {{ role }} {% endfor %}
    from source
    inner join role_paths on source.connection = role_paths.connection and source.fields._object = role_paths.object
    where source.party = 'us'
{% endmacro %}

{# What the words of status and direction columns mean: one row per kind and folded word. #}
{% macro claim_words() %}
    select kind, fold_text(word) as word, min(meaning) as meaning from {{ ref("claim_words") }} group by all
{% endmacro %}

{# Rows that somebody should mend: a warning, since the rest goes on. #}
{% test no_fault(model, column_name) %}
    {{ config(severity="warn") }} select * from {{ model }} where {{ column_name }} is not null
{% endtest %}

{# Words of our CRM's status fields that mean nothing to us; "words" is an expression over claims for their kind. #}
{% test known_words(model, column_name, words) %}
    {{ config(severity="warn") }}
    select *
    from {{ model }} as claims
    where
        claims.{{ column_name }} is not null
        and not exists (
            select 1
            from ({{ claim_words() }}) as known
            where known.kind = {{ words }} and known.word = fold_text(claims.{{ column_name }})
        )
{% endtest %}
