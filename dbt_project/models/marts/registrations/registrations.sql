-- Of the claims that stand by themselves, the one received first holds the company. When it lapses the next moves up,
-- so
-- that an expired claim blocks no one.
with
    barred as (
        select terms.claim_id, first(bars.rule order by {{ rule_rank("bars.rule") }}) as rule
        from {{ ref("claim_terms") }} as terms
        inner join {{ ref("standing_bars") }} as bars using (company_id)
        inner join
            {{ ref("audiences") }} as audiences
            on audiences.audience = bars.audience
            and audiences.partner = terms.partner
        where
            not list_contains(bars.spared, terms.partner)
            -- what began after we had received the claim does not undo it
            and (bars.valid_from is null or bars.valid_from <= terms.received_on)
        group by terms.claim_id
    ),

    won as (
        select
            map_records.company_id, opportunities.partner_of_record as partner, max(opportunities.close_date) as won_on
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us' and opportunities.is_won and opportunities.partner_of_record is not null
        group by map_records.company_id, opportunities.partner_of_record
    ),

    fates as (
        select
            terms.*,
            barred.rule as barred_by,
            theirs.status as partner_status,
            case
                when won.won_on >= terms.received_on
                then 'won'
                when run.as_of_date > terms.protected_until
                then 'expired'
                when not terms.is_active or barred.rule is not null
                then 'rejected'
                else 'live'
            end as fate
        from {{ ref("claim_terms") }} as terms
        cross join {{ source("config", "run") }} as run
        left join barred using (claim_id)
        left join won using (company_id, partner)
        left join
            {{ ref("party_companies") }} as theirs
            on theirs.party = terms.partner
            and theirs.company_id = terms.company_id
    ),

    -- claims first read in the same run were received at the same instant: then the existing relationship goes first
    queued as (
        select *, row_number() over queue as place, first_value(partner) over queue as holder
        from fates
        window
            queue as (
                partition by company_id, fate order by received_at, {{ status_rank("partner_status") }}, md5(claim_id)
            )
    )

select
    claim_id,
    partner,
    company_id,
    product,
    amount,
    received_at,
    received_on,
    case
        when fate <> 'live'
        then fate
        when place > 1
        then 'rejected'
        when approval_key is null
        then 'pending'
        else 'approved'
    end as status,
    case
        when fate = 'won'
        then 'registration.won'
        when fate = 'expired'
        then lapse_key
        when not is_active
        then 'registration.partner_not_active'
        when barred_by = 'our_customer'
        then 'registration.existing_customer'
        when barred_by is not null
        then 'registration.no_approach'
        when place > 1 and holder = partner
        then 'registration.duplicate'
        when place > 1
        then 'registration.registered_by_other'
        else coalesce(approval_key, 'registration.pending')
    end as reason_key,
    barred_by,
    protected_until,
    last_activity_on
from queued
