-- Until when each claim stands as things are. An extension counts as activity: it gives an idle partner another chance.
with
    decided as (
        select
            claims.*,
            decisions.decision,
            decisions.basis,
            decisions.decided_by,
            coalesce(decisions.decision in ('approved', 'extended'), false) as is_approved,
            terms.grace_days,
            {{ business_days_after("claims.received_on", "terms.pending_days") }}::date as pending_until,
            if(
                decisions.decision = 'extended',
                coalesce(decisions.until, claims.received_on + terms.protection_days + terms.extension_days),
                claims.received_on + terms.protection_days
            )::date as protection_until,
            (
                greatest(
                    claims.received_on,
                    claims.last_activity_on,
                    if(decisions.decision = 'extended', decisions.decided_on, null)
                )
                + terms.activity_days
            )::date as active_until
        from {{ ref("placed_claims") }} as claims
        inner join {{ source("config", "registration_terms") }} as terms using (partner)
        left join {{ ref("claim_decisions") }} as decisions using (claim_id)
    ),

    held as (select *, least((protection_until + grace_days)::date, active_until) as approved_until from decided)

select
    claim_id,
    partner,
    company_id,
    scope,
    product,
    amount,
    received_at,
    received_on,
    last_activity_on,
    is_in_review,
    decision,
    basis,
    decided_by,
    is_approved,
    protection_until,
    approved_until,
    -- a claim that waits for us, not for its decision, is not lost with the days to decide
    if(is_approved or is_in_review, approved_until, pending_until) as protected_until,
    case
        when not is_approved and not is_in_review
        then 'registration.not_decided'
        when active_until < protection_until + grace_days
        then 'registration.no_activity'
        else 'registration.protection_over'
    end as lapse_key
from held
