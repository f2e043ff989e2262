-- What becomes of each claim by itself, whatever others claim.
with
    own_deals as (select opportunity_id as claim_id, is_won from {{ ref("opportunities") }} where not is_open),

    won as (
        select terms.claim_id
        from {{ ref("claim_terms") }} as terms
        inner join
            {{ ref("our_deals") }} as deals
            on deals.company_id = terms.company_id
            and deals.partner_of_record = terms.partner
        where
            deals.is_won
            and deals.close_date >= terms.received_on
            and {{ scopes_overlap("deals.scope", "terms.scope") }}
        union
        select claim_id
        from own_deals
        where is_won
    ),

    fates as (
        select
            terms.*,
            bars.barred_by,
            case
                when terms.decision = 'rejected' and (own_deals.claim_id is null or terms.decided_by <> 'crm')
                then 'refused'
                when won.claim_id is not null
                then 'won'
                when own_deals.claim_id is not null
                then 'deal_lost'
                when parties.stage <> 'active'
                then 'partner_not_active'
                when {{ as_of_date() }} > terms.protected_until
                then 'lapsed'
                when terms.is_in_review
                then 'submitted'
                when bars.barred_by is not null
                then 'barred'
                else 'live'
            end as fate
        from {{ ref("claim_terms") }} as terms
        inner join {{ source("config", "parties") }} as parties on parties.party = terms.partner
        left join {{ ref("claim_bars") }} as bars using (claim_id)
        left join own_deals using (claim_id)
        left join won using (claim_id)
    )

select
    claim_id,
    partner,
    company_id,
    scope,
    product,
    amount,
    received_at,
    received_on,
    fate = 'live' as is_live,
    case
        fate
        when 'live'
        then case when is_approved then decision else 'pending' end
        when 'submitted'
        then 'submitted'
        when 'won'
        then 'won'
        when 'lapsed'
        then 'expired'
        when 'deal_lost'
        then 'expired'
        else 'rejected'
    end as status,
    case
        when fate = 'lapsed'
        then lapse_key
        when fate = 'refused'
        then 'registration.rejected_' || basis
        when fate = 'barred'
        then if(barred_by = 'our_customer', 'registration.existing_customer', 'registration.no_approach')
        when fate <> 'live'
        then 'registration.' || fate
        when not is_approved
        then 'registration.pending'
        when basis in ('automatic', 'partner_of_record')
        then 'registration.' || basis
        else 'registration.' || decision || '_' || basis
    end as reason_key,
    barred_by,
    if(fate in ('refused', 'live', 'lapsed') and decision <> 'pending', decided_by, null) as decided_by,
    protected_until,
    fate = 'live' and is_approved and {{ as_of_date() }} > protection_until as in_grace,
    last_activity_on
from fates
