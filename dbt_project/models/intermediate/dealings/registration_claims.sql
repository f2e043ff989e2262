with
    words as ({{ claim_words() }}),

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
            cast(null as varchar) as crm_word,
            received_at
        from {{ ref("file_records") }}
        where object = 'registration'
        union all
        -- a date that our own CRM holds is when we received it; one in the partner's file is not
        select
            opportunity_id,
            record_id,
            partner,
            'opportunity',
            registered_on,
            last_activity_on,
            product,
            amount,
            null,
            case when is_lost then 'rejected' else fold_text(status_word) end,
            timezone((select time_zone from {{ source("config", "run") }}), cast(registered_on as timestamp))
        from {{ ref("opportunity_claims") }}
        where fault is null
        union all
        select
            claim_id,
            record_id,
            partner,
            'crm_object',
            registered_on,
            last_activity_on,
            product,
            amount,
            null,
            fold_text(status_word),
            created_at
        from {{ ref("crm_claims") }}
        where kind = 'registration' and fault is null
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
    words.meaning as crm_status,
    coalesce(received.received_at, least(claims.received_at, {{ as_of() }})) as received_at
from claims
left join lines on lines.text = claims.product
left join words on words.kind = 'registration_status' and words.word = claims.crm_word
left join {{ source("state", "registrations") }} as received on received.claim_id = claims.claim_id
