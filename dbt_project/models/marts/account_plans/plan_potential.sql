with
    counted as (
        select partner, cell, count(*) as companies, coalesce(sum(expected_value order by company_id), 0) as value
        from {{ ref("plan_companies") }}
        group by partner, cell
    ),

    assumed as (
        select
            partners.partner,
            cells.cell,
            cells.our_status,
            cells.partner_status,
            plays.play_key,
            coalesce(counted.companies, 0) as companies,
            round(coalesce(counted.value, 0), 2) as value,
            rates.rate,
            rates.basis_key as rate_basis_key,
            rates.cases as rate_cases,
            rates.successes as rate_successes,
            amounts.deal_amount,
            amounts.deal_cases,
            amounts.is_of_partner
        from ({{ planned_partners() }}) as partners
        cross join {{ ref("cells") }} as cells
        inner join {{ ref("plays") }} as plays on plays.partner_type = partners.party_type and plays.cell = cells.cell
        inner join {{ ref("plan_rates") }} as rates on rates.partner = partners.partner and rates.cell = cells.cell
        inner join {{ ref("plan_deal_amounts") }} as amounts on amounts.partner = partners.partner
        left join counted on counted.partner = partners.partner and counted.cell = cells.cell
    )

select
    assumed.* exclude (is_of_partner),
    is_of_partner as deal_is_of_partner,
    companies * rate as expected_deals,
    companies * rate * deal_amount as expected_amount
from assumed
