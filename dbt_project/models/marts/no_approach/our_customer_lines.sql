-- The segments say which of our deals make a customer, and for how long.
select
    deals.company_id,
    deals.scope,
    min(matches.since) as since,
    case when bool_and(matches.until is not null) then max(matches.until) end as until,
    max(deals.opportunity_id) as evidence
from {{ ref("our_deals") }} as deals
inner join
    {{ ref("segment_matches") }} as matches
    on matches.record_id = deals.record_id
    and matches.status = 'customer'
    and ends_with(matches.evidence, '(' || deals.opportunity_id || ')')
group by deals.company_id, deals.scope
