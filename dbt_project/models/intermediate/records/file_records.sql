with
    listed as (
        select *, 'list' as object
        from {{ ref("stg_partner_files__accounts") }}
        union all by name
        select *, 'registration' as object
        from {{ ref("stg_partner_files__registrations") }}
        union all by name
        select *, 'introduction' as object
        from {{ ref("stg_partner_files__introductions") }}
    ),

    normalized as (
        select
            party,
            list,
            connection,
            object,
            version_order,
            row_number,
            nullif(trim(native_id), '') as listed_id,
            claim_key,
            {{ normalized_columns() }},
            fold_text(status_word) as status_word,
            fold_text(outcome_word) as outcome_word,
            fold_text(direction_word) as direction_word,
            default_status,
            cast(parse_date(requested_on) as date) as requested_on,
            cast(parse_date(accepted_on) as date) as accepted_on,
            cast(parse_date(met_on) as date) as met_on,
            cast(parse_date(closed_on) as date) as closed_on,
            cast(parse_date(registered_on) as date) as registered_on,
            cast(parse_date(last_activity_on) as date) as last_activity_on,
            cast(parse_amount(amount) as double) as amount,
            nullif(trim(product), '') as product,
            nullif(trim(note), '') as note,
            received_at,
            payload
        from (select *, cast(null as varchar) as country from listed)
    ),

    identified as (
        select
            *,
            coalesce(
                listed_id,
                claim_key,
                corporate_number,
                left(
                    md5(
                        concat_ws(
                            '|',
                            coalesce(name_key, name),
                            coalesce(prefecture, ''),
                            coalesce(city, ''),
                            coalesce(town, ''),
                            coalesce(block, '')
                        )
                    ),
                    16
                )
            ) as base_id
        from normalized
    ),

    numbered as (
        select
            *, row_number() over (partition by connection, object, version_order, base_id order by row_number) as repeat
        from identified
    )

select
    connection || ':' || object || ':' || base_id || case when repeat > 1 then '#' || repeat else '' end as record_id,
    party,
    'file' as source,
    connection,
    object,
    listed_id as native_id,
    row_number,
    name,
    name_kana,
    name_en,
    corporate_number,
    domain,
    email_domain,
    phone,
    postal_code,
    prefecture,
    city,
    town,
    block,
    country,
    cast(null as varchar) as parent_record_id,
    owner_name,
    industry,
    employees,
    updated_at,
    name_key,
    legal_form,
    legal_form_side,
    site,
    romaji_key,
    address,
    list,
    status_word,
    outcome_word,
    direction_word,
    default_status,
    registered_on,
    requested_on,
    accepted_on,
    met_on,
    closed_on,
    last_activity_on,
    amount,
    product,
    note,
    received_at,
    payload
from numbered
qualify row_number() over (partition by connection, object, base_id, repeat order by version_order) = 1
