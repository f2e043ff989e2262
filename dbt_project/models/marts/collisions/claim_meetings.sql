with
    allowed as (
        select
            claims.company_id, claims.partner as party, bool_or(overrides.confirmed_until is not null) as is_confirmed
        from {{ ref("current_claims") }} as claims
        inner join
            {{ ref("company_overrides") }} as overrides
            on overrides.company_id = claims.company_id
            and coalesce(overrides.partner, claims.partner) = claims.partner
        where overrides.override = 'allow'
        group by claims.company_id, claims.partner
    ),

    approaches as (
        select
            approaches.*, allowed.party is not null as is_allowed, coalesce(allowed.is_confirmed, false) as is_confirmed
        from {{ ref("approaches") }} as approaches
        left join allowed using (company_id, party)
    ),

    meetings as (
        select
            case
                others.standing
                when 'claim'
                then 'registered_twice'
                when 'our_open_opportunity'
                then 'partner_and_own_sales'
                else 'two_partners'
            end as kind,
            claims.company_id,
            {{ narrower_scope("claims.scope", "others.scope") }} as scope,
            unnest([claims.party, others.party]) as party,
            unnest([claims.standing, others.standing]) as standing,
            unnest([claims.right_of_way, others.right_of_way]) as right_of_way,
            unnest([claims.received_at, others.received_at]) as received_at
        from approaches as claims
        inner join approaches as others using (company_id)
        where
            claims.standing = 'claim'
            and others.party <> claims.party
            and {{ scopes_overlap("claims.scope", "others.scope") }}
            -- of claims that a rule keeps back none is ahead: each is told as work against that rule
            and (others.standing <> 'claim' or least(claims.right_of_way, others.right_of_way) = 2)
            -- our rep let that partner in; against another partner the partner manager has to agree
            and not if(
                others.standing = 'our_open_opportunity', claims.is_allowed, claims.is_confirmed or others.is_confirmed
            )
    )

select kind, company_id, scope, party, standing, right_of_way, received_at
from meetings
qualify row_number() over (partition by kind, company_id, scope, party order by right_of_way, received_at, standing) = 1
