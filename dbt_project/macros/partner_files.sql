{# Rows of a partner's lists that are in force: of a full list the newest accepted version's, of a delta list every accepted
   version's (file_records lets the newest row of an id win). A list that the yaml no longer names is out of force. #}
{% macro list_rows_in_force(table, content) %}
    with
        versions as (
            select
                lists.partner,
                lists.list,
                lists.kind,
                lists.default_status,
                read_versions.version,
                max(read_versions.modified_at) as file_modified_at,
                row_number() over (
                    partition by lists.partner, lists.list
                    order by
                        max(read_versions._synced_at) desc,
                        max(read_versions.modified_at) desc nulls last,
                        read_versions.version
                ) as version_order
            from {{ source("config", "partner_lists") }} as lists
            inner join {{ source("raw", "partner_lists") }} as read_versions using (partner, list)
            where lists.content = '{{ content }}' and read_versions.accepted
            group by lists.partner, lists.list, lists.kind, lists.default_status, read_versions.version
        )

    select
        list_rows.* exclude (version),
        versions.version_order,
        versions.default_status,
        coalesce(versions.file_modified_at, list_rows._synced_at) as updated_at
    from {{ source("raw", table) }} as list_rows
    inner join versions using (partner, list, version)
    where versions.kind = 'delta' or versions.version_order = 1
    qualify
        row_number() over (
            partition by list_rows.partner, list_rows.list, list_rows.version, list_rows.row_number
            order by list_rows._synced_at desc
        )
        = 1
{% endmacro %}

{# One row of a list as one JSON object: its canonical columns and every other heading of the file, texts as the partner
   wrote them; what is empty is left out. #}
{% macro list_payload(columns) -%}
    json_merge_patch(
        coalesce(other, '{}'),
        json_object({%- for column in columns %}'{{ column }}', {{ column }} {{- "," if not loop.last -}} {%- endfor %})
    )
{%- endmacro %}
