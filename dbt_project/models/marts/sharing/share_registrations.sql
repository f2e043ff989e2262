-- A claim is the partner's own; of why it was refused, and of who else claimed, nothing is told.
select
    registrations.partner,
    {{ share_key("registrations.partner", "registrations.claim_id") }} as row_key,
    registrations.company_id,
    records.record_id as partner_record_id,
    if(claims.origin = 'file', records.native_id, null) as their_id,
    if(claims.origin = 'file', records.name, coalesce(companies.company_name, records.name)) as company_name,
    registrations.product,
    registrations.status,
    registrations.received_on,
    case when {{ is_live_claim("registrations.status") }} then registrations.protected_until end as valid_until,
    partners.as_of
from {{ ref("registrations") }} as registrations
inner join {{ ref("share_partners") }} as partners using (partner)
inner join {{ ref("registration_claims") }} as claims using (claim_id)
inner join {{ ref("records") }} as records on records.record_id = claims.record_id
left join
    {{ ref("share_companies") }} as companies
    on companies.partner = registrations.partner
    and companies.company_id = registrations.company_id
where list_contains(partners.lists, 'registrations')
