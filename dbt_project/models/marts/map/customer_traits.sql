-- What our customers are like. Of each kind the commonest value has share 1, so that the kinds weigh the same.
with
    customers as (
        select traits.*
        from {{ ref("party_companies") }} as ours
        inner join {{ ref("company_traits") }} as traits using (company_id)
        where ours.party = 'us' and ours.status = 'customer'
    ),

    counted as (
        select 'industry' as kind, industry_key as value, count(*) as customers
        from customers
        group by industry_key
        union all
        select 'prefecture', prefecture, count(*)
        from customers
        group by prefecture
        union all
        select 'size', size_band, count(*)
        from customers
        group by size_band
    )

select kind, value, customers, customers / max(customers) over (partition by kind) as share
from counted
where value is not null
