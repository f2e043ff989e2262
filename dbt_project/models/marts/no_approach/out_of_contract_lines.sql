-- What a contract says of product lines holds whatever the company: a property of the
-- partner, not a row per company.
with
    contracts as (
        select partner, list(value) as product_lines
        from {{ source("config", "territories") }}
        where kind = 'product_line'
        group by partner
    )

select
    contracts.partner,
    lines.product_line as scope,
    'out_of_contract' as rule,
    'no_approach.out_of_contract' as reason_key,
    'not_available' as partner_reason_key,
    'no_approach.release.out_of_contract' as release_key
from contracts
inner join {{ source("config", "parties") }} as parties on parties.party = contracts.partner
inner join {{ source("config", "no_approach_rules") }} as rules on rules.partner = contracts.partner
cross join {{ source("config", "product_lines") }} as lines
where
    parties.stage = 'active'
    and rules.rule = 'out_of_contract'
    and rules.enabled
    and not list_contains(contracts.product_lines, lines.product_line)
