-- Each claim by itself: when it was received, until when it stands as things are. Received dates are ours, in our
-- time zone.
with
    activities as (
        select record_id, max(activity_on) as active_on
        from {{ ref("activities") }}
        cross join {{ source("config", "run") }} as run
        where activity_on <= run.as_of_date
        group by record_id
    ),

    claims as (
        select
            claims.claim_id,
            claims.partner,
            map_records.company_id,
            claims.product,
            claims.amount,
            claims.received_at,
            timezone(run.time_zone, claims.received_at)::date as received_on,
            greatest(
                if(claims.last_activity_on <= run.as_of_date, claims.last_activity_on, null), activities.active_on
            ) as last_activity_on,
            parties.stage = 'active' as is_active,
            case
                when parties.registration_approval = 'automatic'
                then 'registration.automatic'
                when partner_of_record.partner is not null
                then 'registration.partner_of_record'
            end as approval_key,
            coalesce(rules.days, {{ parameter("registration_protection_days", 90) }}) as protection_days
        from {{ ref("registration_claims") }} as claims
        cross join {{ source("config", "run") }} as run
        inner join {{ ref("map_records") }} as map_records on map_records.record_id = claims.claim_id
        inner join {{ source("config", "parties") }} as parties on parties.party = claims.partner
        left join activities on activities.record_id = claims.claim_id
        left join
            {{ ref("partner_of_record_companies") }} as partner_of_record
            on partner_of_record.company_id = map_records.company_id
            and partner_of_record.partner = claims.partner
        left join
            {{ source("config", "no_approach_rules") }} as rules
            on rules.partner = claims.partner
            and rules.rule = 'registered_by_other'
    ),

    ends as (
        select
            *,
            {{ business_days_after("received_on", parameter("registration_pending_days", 5)) }} as pending_until,
            received_on + protection_days as protection_until,
            greatest(received_on, last_activity_on) + {{ parameter("registration_activity_days", 30) }} as active_until
        from claims
    )

select
    claim_id,
    partner,
    company_id,
    product,
    amount,
    received_at,
    received_on,
    last_activity_on,
    is_active,
    approval_key,
    case when approval_key is null then pending_until else least(protection_until, active_until) end::date
    as protected_until,
    case
        when approval_key is null
        then 'registration.not_decided'
        when active_until < protection_until
        then 'registration.no_activity'
        else 'registration.protection_over'
    end as lapse_key
from ends
