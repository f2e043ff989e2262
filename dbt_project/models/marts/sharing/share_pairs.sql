-- How much may be told of each company that a partner has, or is offered. Of a company that the partner does not have,
-- only `all` tells anything.
with
    pairs as (
        select partner, company_id, our_status, partner_status, cell, true as is_named
        from {{ ref("account_map") }}
        union all
        select distinct partner, company_id, our_status, 'absent', null::integer, false
        from {{ ref("whitespace") }} as offered
        anti join {{ ref("account_map") }} using (partner, company_id)
    )

select pairs.*, levels.level, levels.level = 'all' or (levels.level = 'overlaps' and pairs.is_named) as is_shown
from pairs
inner join {{ ref("share_levels") }} as levels using (partner, our_status, partner_status)
