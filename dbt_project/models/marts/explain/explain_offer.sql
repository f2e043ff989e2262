{{ config(materialized="view") }}  -- read for one company at a time

-- Who could take the company, in the order of arbitration, and what each partner was offered.
with
    contenders as (
        select
            arbitration.company_id,
            arbitration.partner,
            'whitespace' as section,
            'explain.arbitration' as text_key,
            map{
                'partner':parties.name,
                'place':arbitration.place::varchar,
                'claim_key':'explain.yes_no.' || arbitration.has_live_claim,
                'customer_key':'explain.yes_no.' || arbitration.is_customer,
                'deal_key':'explain.yes_no.' || arbitration.in_deal,
                'territory_key':'explain.yes_no.' || arbitration.in_territory,
                'holder_key':'explain.yes_no.' || arbitration.is_holder,
                'fit':round(arbitration.fit, 1)::varchar,
                'rule_key':'whitespace.rule.' || arbitration.rule
            } as params,
            'a' || lpad(arbitration.place::varchar, 5, '0') || arbitration.partner as ordered_by
        from {{ ref("arbitration") }} as arbitration
        inner join {{ source("config", "parties") }} as parties on parties.party = arbitration.partner
    ),

    verdicts as (
        select
            verdicts.company_id,
            verdicts.partner,
            'whitespace' as section,
            'explain.whitespace' as text_key,
            map{
                'partner':parties.name,
                'scope':{{ scope_name("verdicts.scope") }},
                'verdict_key':'whitespace.verdict.' || verdicts.verdict
            } as params,
            'b' || lpad(parties.position::varchar, 5, '0') || verdicts.scope as ordered_by
        from {{ ref("whitespace_verdicts") }} as verdicts
        inner join {{ source("config", "parties") }} as parties on parties.party = verdicts.partner
    )

from contenders
union all by name
from verdicts
