select distinct registrations.partner, registrations.company_id, registrations.scope
from {{ ref("registrations") }} as registrations
inner join {{ ref("registration_claims") }} as claims using (claim_id)
where claims.origin <> 'file' and {{ is_live_claim("registrations.status") }} and registrations.company_id is not null
