with
    barred as (
        select
            pairs.partner,
            bars.company_id,
            bars.scope,
            bars.rule,
            bars.reason_key,
            bars.partner_reason_key,
            bars.valid_from,
            bars.valid_until,
            bars.release_key,
            bars.active_on,
            bars.via_company_id,
            pairs.named_by_partner,
            list_has_any(bars.unconfirmed_allows, ['*', pairs.partner]) as allow_unconfirmed,
            bars.evidence
        from {{ ref("approach_pairs") }} as pairs
        inner join {{ ref("company_bars") }} as bars using (company_id)
        inner join {{ ref("audiences") }} as audiences using (audience, partner)
        where not list_contains(bars.spared, pairs.partner)
    )

-- several grounds of one rule, such as a block for all and one for this partner, are
-- one row: the one that ends last
select *
from barred
qualify
    row_number() over (
        partition by partner, company_id, scope, rule
        order by valid_until desc nulls first, via_company_id nulls first, valid_from nulls first, evidence
    )
    = 1
