with
    given as (
        select
            partner,
            company_id,
            unnest(scopes) as scope,
            if(is_beyond_cap, 'beyond_cap', 'offered') as verdict,
            reason_keys as reasons,
            arbitration_rule as decided_by,
            null::varchar as other_id
        from {{ ref("whitespace_ranking") }}
    ),

    lost as (
        select
            candidates.partner,
            candidates.company_id,
            unnest(candidates.scopes) as scope,
            'held_by_other' as verdict,
            candidates.reason_keys as reasons,
            arbitration.rule as decided_by,
            assignments.partner as other_id
        from {{ ref("whitespace_candidates") }} as candidates
        inner join {{ ref("arbitration") }} as arbitration using (company_id, partner)
        inner join {{ ref("assignments") }} as assignments using (company_id)
        where arbitration.place > 1
    ),

    -- what is barred anyway needs no second reason
    withheld as (
        select
            pool.partner,
            pool.company_id,
            withheld.scope,
            'withheld' as verdict,
            any_value(pool.reason_keys) as reasons,
            first(withheld.rule order by {{ rule_rank("withheld.rule") }}, withheld.barred_company_id) as decided_by,
            first(
                withheld.barred_company_id order by {{ rule_rank("withheld.rule") }}, withheld.barred_company_id
            ) as other_id
        from {{ ref("whitespace_pool") }} as pool
        inner join {{ ref("whitespace_withheld") }} as withheld using (partner, company_id)
        anti join
            {{ ref("no_approach") }} as bars
            on bars.partner = pool.partner
            and bars.company_id = pool.company_id
            and bars.scope in ('*', withheld.scope)
        where pool.our_status in ('target', 'known', 'absent')
        group by pool.partner, pool.company_id, withheld.scope
    ),

    declined as (
        select
            pool.partner,
            pool.company_id,
            '*' as scope,
            'declined' as verdict,
            pool.reason_keys as reasons,
            null::varchar as decided_by,
            null::varchar as other_id
        from {{ ref("whitespace_pool") }} as pool
        semi join {{ ref("whitespace_declined") }} as declined using (partner, company_id)
        anti join {{ ref("no_approach") }} as bars using (partner, company_id)
        anti join withheld using (partner, company_id)
        where pool.our_status in ('target', 'known', 'absent')
    )

select *
from given
union all
select *
from lost
union all
select *
from withheld
union all
select *
from declined
