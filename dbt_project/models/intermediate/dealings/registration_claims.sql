with
    claims as (
        select
            record_id as claim_id,
            record_id,
            party as partner,
            'file' as origin,
            registered_on,
            last_activity_on,
            product,
            amount,
            status_word as partner_status_word,
            cast(null as varchar) as crm_status,
            cast(null as timestamptz) as received_at
        from {{ ref("file_records") }}
        where object = 'registration'
    ),

    lines as ({{ product_lines_of("claims", "product") }})

select
    claims.claim_id,
    claims.record_id,
    claims.partner,
    claims.origin,
    claims.registered_on,
    claims.last_activity_on,
    claims.product,
    coalesce(lines.product_line, '*') as scope,
    claims.amount,
    claims.partner_status_word,
    claims.crm_status,
    coalesce(received.received_at, least(claims.received_at, {{ as_of() }})) as received_at
from claims
left join lines on lines.text = claims.product
left join {{ source("state", "registrations") }} as received on received.claim_id = claims.claim_id
