{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="name",
        on_schema_change="append_new_columns",
        post_hook="delete from {{ this }} where name not in (select name from {{ ref('register_other_names') }})",
    )
}}

with
    -- an entry's own reading is normalized with the entry itself
    needed as (select distinct name from {{ ref("register_other_names") }} where not is_own_reading),

    changed as (
        select name
        from needed
        {% if is_incremental() %}
            where
                not exists (
                    select 1
                    from {{ this }} as held
                    where held.name = needed.name and held.normalizer = normalizer_version()
                )
        {% endif %}
    ),

    batches as (select list(name) as name from changed group by {{ batch_of("name", "changed") }})

select
    unnest(name) as name,
    unnest(list_name_key(name)) as name_key,
    unnest(list_legal_form(name)) as legal_form,
    unnest(list_romaji_key(name)) as romaji_key,
    normalizer_version() as normalizer
from batches
