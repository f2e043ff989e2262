-- An opportunity makes one claim at most, whose id it is. A claim of ours only: partners' CRMs hold none. The end is
-- told
-- while the claim holds its company, so that a view of what is protected needs that field alone.
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

    worded as (
        select
            on_deals.*,
            reason.text as reason,
            case
                when on_deals.reason_key = 'registration.registered_by_other'
                then holder.name
                when on_deals.reason_key = 'registration.no_approach'
                then bar.text
            end as detail
        from on_deals
        inner join {{ ref("run_texts") }} as reason on reason.key = on_deals.reason_key
        left join {{ ref("run_texts") }} as bar on bar.key = 'no_approach.' || on_deals.barred_by
        left join {{ ref("registrations") }} as held on held.claim_id = on_deals.held_by_claim_id
        left join {{ source("config", "parties") }} as holder on holder.party = held.partner
    )

select
    connection,
    object,
    native_id,
    status as registration_status,
    {{
        fit(
            "coalesce(replace(replace("
            ~ run_text("crm.registration_because")
            ~ ", '{reason}', reason), '{detail}', detail), reason)",
            255,
        )
    }} as registration_reason,
    case when {{ is_live_claim("status") }} then protected_until end as registration_until,
    reason_key as rule
from worded
