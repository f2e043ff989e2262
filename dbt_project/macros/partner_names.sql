{# Whom a text means as a partner: joins {{ "partner_names" }} on the id of an account of that CRM, the partner's id in the
   yaml, or its name in any writing. One row per (connection, text). #}
{% macro named_partners(relation, connection, text) %}
    select asked.connection, asked.named, arg_min(names.party, names.position) as party
    from
        (
            select distinct {{ connection }} as connection, {{ text }} as named
            from {{ relation }}
            where {{ text }} is not null
        ) as asked
    inner join
        {{ ref("partner_names") }} as names
        on names.connection = asked.connection
        and names.alias in (asked.named, fold_text(asked.named), name_key(asked.named))
    group by asked.connection, asked.named
{% endmacro %}
