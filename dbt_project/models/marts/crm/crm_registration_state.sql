-- An opportunity makes one claim at most, whose id it is. The end is told while the claim holds its company, so that
-- a view of
-- what is protected needs that field alone. Where we once wrote a verdict and there is no claim any more it is cleared.
with
    on_deals as (
        select
            registrations.*,
            split_part(registrations.claim_id, ':', 1) as connection,
            split_part(registrations.claim_id, ':', 2) as object,
            split_part(registrations.claim_id, ':', 3) as native_id
        from {{ ref("registrations") }} as registrations
        inner join {{ ref("registration_claims") }} as claims using (claim_id)
        where claims.origin = 'opportunity'
    ),

    no_claim as (
        select sent.connection, sent.object, sent.record_id as native_id
        from {{ source("state", "sent") }} as sent
        inner join
            {{ ref("opportunities") }} as deals
            on deals.opportunity_id = sent.connection || ':' || sent.object || ':' || sent.record_id
        anti join on_deals on on_deals.claim_id = deals.opportunity_id
        where sent.field = 'registration_status' and sent.value is not null
    ),

    worded as (
        select
            on_deals.connection,
            on_deals.object,
            on_deals.native_id,
            on_deals.status,
            reason.text as reason,
            case
                on_deals.reason_key
                when 'registration.registered_by_other'
                then if(uses.is_for_crm or held_in.origin <> 'file', holders.name, null)
                when 'registration.no_approach'
                then bar.text
            end as detail,
            case when {{ is_live_claim("on_deals.status") }} then on_deals.protected_until end as until,
            on_deals.reason_key
        from on_deals
        inner join {{ ref("run_texts") }} as reason on reason.key = on_deals.reason_key
        left join {{ ref("run_texts") }} as bar on bar.key = 'no_approach.' || on_deals.barred_by
        left join {{ ref("registrations") }} as held on held.claim_id = on_deals.held_by_claim_id
        left join {{ source("config", "parties") }} as holders on holders.party = held.partner
        left join {{ ref("registration_claims") }} as held_in on held_in.claim_id = on_deals.held_by_claim_id
        left join {{ ref("partner_uses") }} as uses on uses.partner = held.partner
    ),

    told as (
        select
            *,
            coalesce(
                replace(replace({{ run_text("crm.registration_because") }}, '{reason}', reason), '{detail}', detail),
                reason
            ) as full_reason
        from worded
    )

select
    connection,
    object,
    native_id,
    status as registration_status,
    {{ fit("full_reason", 255) }} as registration_reason,
    until as registration_until,
    reason_key as rule
from told
union all
select connection, object, native_id, null, null, null, 'ended'
from no_claim
