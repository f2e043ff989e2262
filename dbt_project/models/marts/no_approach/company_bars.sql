-- An allow against a live registration has no effect until the partner manager
-- confirms it: the bar stays and says so. A deal of ours does not bar the partner that
-- holds it by its registration.
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
        select
            company_id,
            bool_or(partner is null and confirmed_until is not null) as every_partner,
            list_sort(list(partner) filter (where partner is not null and confirmed_until is not null)) as confirmed,
            list_sort(list(coalesce(partner, '*')) filter (where confirmed_until is null)) as unconfirmed
        from {{ ref("company_overrides") }}
        where override = 'allow'
        group by company_id
    ),

    bars as (
        select
            standing.* replace (
                list_sort(
                    list_distinct(list_concat(standing.spared, if(holders.partner is null, [], [holders.partner])))
                ) as spared
            ),
            []::varchar[] as unconfirmed_allows
        from {{ ref("standing_bars") }} as standing
        left join
            {{ ref("registered_deal_holders") }} as holders
            on holders.company_id = standing.company_id
            and standing.rule = 'our_open_opportunity'
            and standing.via_company_id is null
        union all by name
        select
            registered.* replace (
                list_sort(list_distinct(list_concat(registered.spared, coalesce(allows.confirmed, [])))) as spared
            ),
            coalesce(allows.unconfirmed, []) as unconfirmed_allows
        from {{ ref("bar_registered_by_other") }} as registered
        left join allows using (company_id)
        where not coalesce(allows.every_partner, false)
    )

select
    bars.company_id,
    bars.rule,
    bars.audience,
    bars.spared,
    bars.scope,
    bars.valid_from,
    bars.valid_until,
    bars.active_on,
    bars.via_company_id,
    'no_approach.' || bars.rule as reason_key,
    reasons.partner_reason_key,
    'no_approach.release.' || bars.rule as release_key,
    bars.unconfirmed_allows,
    bars.evidence
from bars
inner join reasons using (rule)
