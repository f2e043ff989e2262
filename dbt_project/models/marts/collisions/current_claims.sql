-- Claims that count as approaches: neither lapsed nor won, not served through the claimant, one row per company and
-- partner.
select
    registrations.company_id,
    registrations.partner,
    first(registrations.status order by registrations.received_at, registrations.claim_id) as status,
    first(registrations.barred_by order by registrations.received_at, registrations.claim_id) as barred_by,
    min(registrations.received_at) as received_at,
    min(registrations.claim_id) as claim_id
from {{ ref("registrations") }} as registrations
anti join {{ ref("partner_of_record_companies") }} as partner_of_record using (company_id, partner)
where
    registrations.status in ('pending', 'approved', 'rejected')
    and registrations.reason_key <> 'registration.partner_not_active'
group by registrations.company_id, registrations.partner
