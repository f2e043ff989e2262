with
    met as (select *, if(kind = 'registered_twice', 'medium', 'high') as severity from {{ ref("claim_meetings") }}),

    -- against our own open deal it is a meeting
    worked_though_barred as (
        select
            'working_no_approach' as kind,
            company_id,
            scope,
            partner as party,
            'no_approach' as standing,
            5 as right_of_way,
            received_at,
            if(barred_by = 'restricted', 'high', 'medium') as severity
        from {{ ref("current_claims") }}
        where barred_by is not null and barred_by <> 'our_open_opportunity'
    ),

    held as (select * from {{ ref("whitespace") }} where exclusive and assigned),

    offers as (
        select
            held.company_id,
            {{ narrower_scope("held.scope", "shared.scope") }} as scope,
            held.partner as holder,
            shared.partner as other
        from held
        inner join {{ ref("whitespace") }} as shared using (company_id)
        where
            shared.partner <> held.partner
            and not shared.exclusive
            and {{ scopes_overlap("held.scope", "shared.scope") }}
    ),

    offered_twice as (
        select distinct
            'offered_twice' as kind,
            company_id,
            scope,
            unnest([holder, other]) as party,
            unnest(['standing_assignment', 'offered']) as standing,
            unnest([3, 6]) as right_of_way,
            null::timestamptz as received_at,
            'low' as severity
        from offers
    )

from met
union all by name
from worked_though_barred
union all by name
from offered_twice
