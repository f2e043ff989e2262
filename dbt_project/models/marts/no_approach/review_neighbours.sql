with
    pairs as (
        select map_records.company_id, links.company_id as other_company_id, links.record_id
        from {{ source("match", "links") }} as links
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where links.verdict = 'review' and links.company_id <> map_records.company_id
    )

select company_id, other_company_id, min(record_id) as record_id
from
    (
        from pairs
        union all by name
        select other_company_id as company_id, company_id as other_company_id, record_id
        from pairs
    )
group by company_id, other_company_id
