with
    named as (
        select map_records.company_id, partners.partner, partners.reason
        from {{ ref("partners_of_record") }} as partners
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us'
        union all
        select company_id, partner_of_record, 'partners_of_record.opportunity'
        from {{ ref("our_deals") }}
        where partner_of_record is not null and (is_open or is_won)
    )

select named.company_id, named.partner, min(named.reason) as reason
from named
inner join {{ source("config", "parties") }} as parties on parties.party = named.partner
where parties.stage <> 'ended'
group by named.company_id, named.partner
