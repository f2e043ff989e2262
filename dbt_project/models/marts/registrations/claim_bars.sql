-- The no-approach rule that stands against each claim.
with
    -- our open deals there are this partner's own, by 商流 or by its registration
    through_partner as (
        select company_id, min(through_partner) as partner
        from {{ ref("our_open_deals") }}
        group by company_id
        having count(*) = count(through_partner) and count(distinct through_partner) = 1
    ),

    by_company as (
        select terms.claim_id, terms.scope as claimed_scope, bars.rule, bars.scope
        from {{ ref("claim_terms") }} as terms
        inner join {{ ref("standing_bars") }} as bars using (company_id)
        inner join
            {{ ref("audiences") }} as audiences
            on audiences.audience = bars.audience
            and audiences.partner = terms.partner
        left join through_partner on through_partner.company_id = terms.company_id
        where
            not list_contains(bars.spared, terms.partner)
            and {{ scopes_overlap("bars.scope", "terms.scope") }}
            -- what began after we had received the claim does not undo it
            and (bars.valid_from is null or bars.valid_from <= terms.received_on)
            and not coalesce(
                bars.rule = 'our_open_opportunity'
                and bars.via_company_id is null
                and through_partner.partner = terms.partner,
                false
            )
    ),

    barred as (
        from by_company
        union all
        select terms.claim_id, terms.scope, lines.rule, lines.scope
        from {{ ref("claim_terms") }} as terms
        inner join {{ ref("out_of_contract_lines") }} as lines using (partner)
        where {{ scopes_overlap("lines.scope", "terms.scope") }}
    )

select claim_id, first(rule order by scope in ('*', claimed_scope) desc, {{ rule_rank("rule") }}) as barred_by
from barred
group by claim_id
-- bars of single lines bar a claim on the whole company once no line is left
having
    bool_or(scope in ('*', claimed_scope))
    or count(distinct scope) = (select count(*) from {{ source("config", "product_lines") }})
