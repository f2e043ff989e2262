-- The median of what customers of ours with a known contract value are worth: in one industry, and over all.
with
    contracts as (
        select traits.industry_key, ours.won_amount
        from {{ ref("party_companies") }} as ours
        inner join {{ ref("company_traits") }} as traits using (company_id)
        where ours.party = 'us' and ours.status = 'customer' and ours.won_amount > 0
    )

select industry_key, count(*) as customers, median(won_amount) as typical_contract_value
from contracts
group by grouping sets ((industry_key), ())
having grouping(industry_key) = 1 or (industry_key is not null and count(*) >= 5)
