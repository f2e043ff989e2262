-- A person's word counts from when it was said: a run of an earlier moment does not know it.
with
    accepted as (
        select
            partner as party,
            return_id,
            kind,
            record_id,
            cast(content as json) as content,
            file || ', ' || sheet || ' ' || row_number as place,
            received_at
        from {{ source("state", "share_returns") }}
        semi join {{ source("config", "parties") }} as parties on parties.party = share_returns.partner
        where verdict = 'accepted' and decided_at <= {{ as_of() }}
    ),

    keyed as (select *, content ->> 'key' as row_key from accepted),

    -- what the partner said last of a row; it has been said since the first time
    newest as (
        select
            * replace (min(received_at) over (partition by party, kind, row_key) as received_at), received_at as said_at
        from keyed
        qualify row_number() over (partition by party, kind, row_key order by received_at desc, return_id) = 1
    )

select *
from newest
