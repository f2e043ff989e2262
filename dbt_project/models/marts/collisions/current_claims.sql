-- Claims that count as approaches: they live, or a rule alone keeps them from it. What lapsed, was won, was refused
-- by a
-- person or waits for one to name the company does not; nor does the partner of record.
select
    registrations.company_id,
    registrations.scope,
    registrations.partner,
    bool_or({{ is_live_claim("registrations.status") }}) as is_live,
    min(registrations.received_at) as received_at,
    first(registrations.barred_by order by {{ rule_rank("registrations.barred_by") }}) filter (
        where registrations.reason_key in ('registration.existing_customer', 'registration.no_approach')
    ) as barred_by
from {{ ref("registrations") }} as registrations
anti join {{ ref("partner_of_record_companies") }} as partner_of_record using (company_id, partner)
where
    {{ is_live_claim("registrations.status") }}
    or registrations.reason_key
    in ('registration.existing_customer', 'registration.no_approach', 'registration.registered_by_other')
group by registrations.company_id, registrations.scope, registrations.partner
