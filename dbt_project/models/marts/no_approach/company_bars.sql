-- An allow against a live registration has no effect until the partner manager
-- confirms it: the bar stays and says so.
with
    reasons as (
        select *
        from
            (
                values
                    ('our_customer', 'direct'),
                    ('our_open_opportunity', 'direct'),
                    ('registered_by_other', 'assigned'),
                    ('customer_of_other_partner', 'assigned'),
                    ('out_of_contract', 'not_available'),
                    ('restricted', 'not_available'),
                    ('blocked', 'not_available')
            ) as reasons(rule, partner_reason_key)
    ),

    allows as (
        select company_id, list_sort(list(distinct coalesce(partner, '*'))) as partners
        from {{ ref("company_overrides") }}
        where override = 'allow'
        group by company_id
    ),

    bars as (
        select *, []::varchar[] as unconfirmed_allows
        from {{ ref("standing_bars") }}
        union all by name
        select registered.*, coalesce(allows.partners, []) as unconfirmed_allows
        from {{ ref("bar_registered_by_other") }} as registered
        left join allows using (company_id)
    )

select
    bars.company_id,
    bars.rule,
    bars.audience,
    bars.spared,
    '*' as scope,
    bars.valid_from,
    bars.valid_until,
    'no_approach.' || bars.rule as reason_key,
    reasons.partner_reason_key,
    'no_approach.release.' || bars.rule as release_key,
    bars.unconfirmed_allows,
    bars.evidence
from bars
inner join reasons using (rule)
