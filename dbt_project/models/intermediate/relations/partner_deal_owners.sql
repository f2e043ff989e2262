with
    owners as (
        select opportunity_id, {{ record_id("User", "owner_id") }} as person_id
        from {{ ref("stg_salesforce__opportunities") }}
        union all
        select opportunity_id, {{ record_id("owners", "owner_id") }}
        from {{ ref("stg_hubspot__deals") }}
    )

select deals.partner_of_record as partner, owners.person_id, count(*) as open_deals
from {{ ref("opportunities") }} as deals
inner join owners using (opportunity_id)
semi join {{ ref("our_people") }} as people on people.person_id = owners.person_id
where deals.party = 'us' and deals.is_open and deals.partner_of_record is not null
group by deals.partner_of_record, owners.person_id
