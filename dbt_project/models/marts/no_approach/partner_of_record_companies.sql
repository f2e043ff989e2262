with
    named as (
        select map_records.company_id, partners.partner, partners.reason
        from {{ ref("partners_of_record") }} as partners
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us'
        union all
        select map_records.company_id, opportunities.partner_of_record, 'opportunity' as reason
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where
            map_records.party = 'us'
            and opportunities.partner_of_record is not null
            and (opportunities.is_open or opportunities.is_won)
    )

select company_id, partner, min(reason) as reason
from named
where partner is not null
group by company_id, partner
