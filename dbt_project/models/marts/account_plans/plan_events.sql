with
    our_deals as (
        select partner_of_record as partner, opportunity_id, is_won, created_on, close_date, amount
        from {{ ref("opportunities") }}
        where party = 'us' and partner_of_record is not null
    ),

    events as (
        select
            partner,
            'introductions_requested' as measure,
            introduction_id as event_id,
            requested_on as happened_on,
            null::double as amount
        from {{ ref("introductions") }}
        union all
        select partner, 'introductions_met', introduction_id, met_on, null
        from {{ ref("introductions") }}
        union all
        select partner, 'registrations', claim_id, received_on, null
        from {{ ref("registrations") }}
        union all
        select partner, 'open_deals', opportunity_id, created_on, null
        from our_deals
        union all
        select partner, 'won_deals', opportunity_id, close_date, coalesce(round(amount, 2), 0)
        from our_deals
        where is_won
        union all
        select partner, 'meetings', activity_id, activity_on, null
        from {{ ref("partner_meetings") }}
    )

select events.*
from events
semi join ({{ planned_partners() }}) as partners on partners.partner = events.partner
where events.happened_on <= {{ as_of_date() }}
