{{ config(materialized="view") }}  -- read for one company at a time

with
    steps as (
        select *
        from {{ ref("explain_identity") }}
        union all by name
        select *
        from {{ ref("explain_map") }}
        union all by name
        select *
        from {{ ref("explain_no_approach") }}
        union all by name
        select *
        from {{ ref("explain_dealings") }}
        union all by name
        select *
        from {{ ref("explain_offer") }}
        union all by name
        select *
        from {{ ref("explain_crm") }}
    )

select
    company_id,
    partner,
    list_position(
        [
            'company',
            'records',
            'statuses',
            'map',
            'no_approach',
            'registrations',
            'introductions',
            'whitespace',
            'collisions',
            'crm'
        ],
        section
    )::integer as section_order,
    section,
    ordered_by,
    text_key,
    params
from steps
