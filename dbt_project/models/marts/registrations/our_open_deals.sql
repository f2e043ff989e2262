select
    deals.opportunity_id,
    deals.company_id,
    deals.scope,
    deals.partner_of_record,
    coalesce(deals.partner_of_record, claims.partner) as through_partner
from {{ ref("our_deals") }} as deals
left join {{ ref("registration_claims") }} as claims on claims.claim_id = deals.opportunity_id
where deals.is_open
