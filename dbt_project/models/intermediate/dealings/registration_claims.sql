select
    claims.record_id as claim_id,
    claims.party as partner,
    claims.registered_on,
    claims.last_activity_on,
    claims.product,
    claims.amount,
    claims.status_word as partner_status_word,
    coalesce(received.received_at, {{ as_of() }}) as received_at
from {{ ref("file_records") }} as claims
left join {{ source("state", "registrations") }} as received on claims.record_id = received.claim_id
where claims.object = 'registration'
