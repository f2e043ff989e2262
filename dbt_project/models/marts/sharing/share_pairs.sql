-- How much may be told of each company that a partner has, or is offered: by its cell where the policy names that,
-- else by our status. Of a company that the partner does not have, only `all` tells anything.
with
    pairs as (
        select partner, company_id, our_status, partner_status, cell, true as is_named
        from {{ ref("account_map") }}
        union all
        select distinct partner, company_id, our_status, 'absent', null::integer, false
        from {{ ref("whitespace") }} as offered
        anti join {{ ref("account_map") }} using (partner, company_id)
    ),

    levelled as (
        select pairs.*, coalesce(cells.level, statuses.level, 'hidden') as level
        from pairs
        semi join {{ ref("share_partners") }} as partners using (partner)
        left join
            {{ source("config", "sharing_levels") }} as cells
            on cells.kind = 'cell'
            and cells.partner = pairs.partner
            and cells.key = pairs.cell::varchar
        left join
            {{ source("config", "sharing_levels") }} as statuses
            on statuses.kind = 'status'
            and statuses.partner = pairs.partner
            and statuses.key = pairs.our_status
    )

select *, level = 'all' or (level = 'overlaps' and is_named) as is_shown
from levelled
