-- Only where the other partner sold our product: our customer, served through that
-- partner.
with
    settings as (
        select distinct audience, reach, by_product_line
        from {{ ref("audiences") }}
        where rule = 'customer_of_other_partner'
    ),

    sellers as (
        select partners.company_id, list(partners.partner order by partners.partner) as partners
        from {{ ref("partner_of_record_companies") }} as partners
        inner join {{ source("config", "parties") }} as parties on parties.party = partners.partner
        where parties.stage = 'active'
        group by partners.company_id
    ),

    won as (
        select company_id, scope, max(opportunity_id) as opportunity_id
        from {{ ref("our_deals") }}
        where is_won and partner_of_record is not null
        group by company_id, scope
    )

select
    customers.company_id,
    'customer_of_other_partner' as rule,
    settings.audience,
    sellers.partners as spared,
    coalesce(won.scope, '*') as scope,
    settings.reach,
    customers.since as valid_from,
    null::date as valid_until,
    null::date as active_on,
    concat_ws(' ', array_to_string(sellers.partners, ', '), won.opportunity_id) as evidence
from {{ ref("our_status_companies") }} as customers
inner join sellers using (company_id)
cross join settings
left join won on won.company_id = customers.company_id and settings.by_product_line
where customers.status = 'customer'
