with
    stated as (
        select
            company_id,
            first(industry order by party <> 'us', record_id) filter (where industry is not null) as industry,
            first(employees order by party <> 'us', record_id) filter (where employees is not null) as employees
        from {{ ref("map_records") }}
        group by company_id
    )

select
    companies.company_id,
    companies.name,
    companies.corporate_number,
    companies.prefecture,
    companies.city,
    stated.industry,
    fold_text(stated.industry) as industry_key,
    stated.employees,
    case
        when stated.employees >= 1000
        then '1000+'
        when stated.employees >= 300
        then '300-999'
        when stated.employees >= 50
        then '50-299'
        when stated.employees >= 1
        then '1-49'
    end as size_band
from {{ source("match", "companies") }} as companies
left join stated using (company_id)
