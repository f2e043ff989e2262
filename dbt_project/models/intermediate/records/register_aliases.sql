with
    other_names as (select * from {{ ref("register_other_names") }}),

    names as (select * from {{ ref("register_names") }}),

    normalized as (select * from {{ ref("register_alias_names") }}),

    own_readings as (
        select other_names.*, names.kana_key as name_key, names.legal_form, names.sound as romaji_key
        from other_names
        inner join names on names.corporate_number = other_names.corporate_number
        where other_names.is_own_reading
    ),

    others as (
        select other_names.*, normalized.name_key, normalized.legal_form, normalized.romaji_key
        from other_names
        inner join normalized on normalized.name = other_names.name
        inner join names on names.corporate_number = other_names.corporate_number
        where
            not other_names.is_own_reading
            and not (other_names.kind in ('former', 'short', 'trade') and normalized.name_key = names.name_key)
    ),

    together as (
        select *
        from own_readings
        union all by name
        select *
        from others
    )

select corporate_number, kind, name, name_key, legal_form, romaji_key, valid_from, valid_until, source
from together
where name_key is not null
qualify
    row_number() over (
        partition by corporate_number, kind, name_key, romaji_key
        order by kind != 'former' and valid_until is null desc, source_rank, valid_until desc, name
    )
    = 1
