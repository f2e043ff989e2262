-- A person's word counts from when it was said: a run of an earlier moment does not know it.
with
    said as (
        select
            partner as party,
            return_id,
            kind,
            cast(content as json) ->> 'key' as row_key,
            record_id,
            cast(content as json) as content,
            file || ', ' || sheet || ' ' || row_number as place,
            received_at,
            verdict,
            decided_at
        from {{ source("state", "share_returns") }}
        semi join {{ source("config", "parties") }} as parties on parties.party = share_returns.partner
        where received_at <= {{ as_of() }}
    ),

    refused as (
        select party, kind, row_key, max(received_at) as refused_at
        from said
        where verdict = 'rejected'
        group by party, kind, row_key
    ),

    -- what was corrected before anybody answered has been said since the first time; what was refused begins anew
    dated as (
        select
            said.*,
            min(said.received_at) filter (
                said.verdict in ('accepted', 'superseded')
                and (refused.refused_at is null or said.received_at > refused.refused_at)
            ) over (partition by said.party, said.kind, said.row_key) as first_received_at
        from said
        left join refused using (party, kind, row_key)
    )

select
    party,
    return_id,
    kind,
    row_key,
    record_id,
    content,
    place,
    coalesce(first_received_at, received_at) as received_at,
    received_at as said_at
from dated
where verdict = 'accepted' and decided_at <= {{ as_of() }}
qualify row_number() over (partition by party, kind, row_key order by said_at desc, return_id) = 1
