-- The partner's newest correction of the row counts, and a claim that came later says more than any.
with
    said as (
        select partner, record_id, company_id, kind, received_at
        from {{ source("state", "share_returns") }}
        where
            verdict = 'accepted'
            and decided_at <= {{ as_of() }}
            and kind in ('not_wanted', 'already_served', 'not_same')
        qualify
            row_number() over (
                partition by partner, cast(content as json) ->> 'key' order by received_at desc, return_id
            )
            = 1
    ),

    -- where its record is now, else the company that it was told
    declined as (
        select
            said.partner, coalesce(places.company_id, said.company_id) as company_id, max(said.received_at) as said_at
        from said
        left join {{ ref("map_records") }} as places using (record_id)
        where said.kind = 'not_wanted' and coalesce(places.company_id, said.company_id) is not null
        group by all
    )

select declined.partner, declined.company_id, {{ local_date("declined.said_at") }} as declined_on
from declined
anti join
    {{ ref("registrations") }} as registrations
    on registrations.partner = declined.partner
    and registrations.company_id = declined.company_id
    and registrations.received_at >= declined.said_at
