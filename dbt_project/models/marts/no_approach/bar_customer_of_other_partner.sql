-- Only where the other partner sold our product: our customer, served through that
-- partner.
with
    sellers as (
        select company_id, list(partner) as partners, min(partner) as evidence
        from {{ ref("partner_of_record_companies") }}
        group by company_id
    ),

    settings as (select distinct audience from {{ ref("audiences") }} where rule = 'customer_of_other_partner')

select
    ours.company_id,
    'customer_of_other_partner' as rule,
    settings.audience,
    sellers.partners as spared,
    ours.since as valid_from,
    null::date as valid_until,
    sellers.evidence
from {{ ref("party_companies") }} as ours
inner join sellers using (company_id)
cross join settings
where ours.party = 'us' and ours.status = 'customer'
