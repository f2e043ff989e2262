-- Likeness to our customers: of our customers, the share in the same industry and the
-- share in the same prefecture, averaged.
with
    industries as (
        select
            company_id,
            first(industry order by party <> 'us', record_id) filter (where industry is not null) as industry,
            first(employees order by party <> 'us', record_id) filter (where employees is not null) as employees
        from {{ ref("map_records") }}
        group by company_id
    ),

    companies as (
        select
            companies.company_id,
            companies.name,
            companies.corporate_number,
            companies.prefecture,
            companies.city,
            industries.industry,
            industries.employees
        from {{ source("match", "companies") }} as companies
        left join industries using (company_id)
    ),

    customers as (
        select companies.industry, companies.prefecture
        from {{ ref("party_companies") }} as party_companies
        inner join companies using (company_id)
        where party_companies.party = 'us' and party_companies.status = 'customer'
    ),

    by_industry as (
        select industry, count(*) / (select count(*) from customers) as share
        from customers
        where industry is not null
        group by industry
    ),

    by_prefecture as (
        select prefecture, count(*) / (select count(*) from customers) as share
        from customers
        where prefecture is not null
        group by prefecture
    )

select companies.*, (coalesce(by_industry.share, 0) + coalesce(by_prefecture.share, 0)) / 2 as likeness
from companies
left join by_industry using (industry)
left join by_prefecture using (prefecture)
