-- Where every open deal of ours runs through one partner, and its live registration is
-- one of them: own sales are in no deal there.
select deals.company_id, min(deals.through_partner) as partner
from {{ ref("our_open_deals") }} as deals
left join
    {{ ref("registrations") }} as registrations
    on registrations.claim_id = deals.opportunity_id
    and {{ is_live_claim("registrations.status") }}
group by deals.company_id
having
    count(*) = count(deals.through_partner)
    and count(distinct deals.through_partner) = 1
    and count(registrations.claim_id) > 0
