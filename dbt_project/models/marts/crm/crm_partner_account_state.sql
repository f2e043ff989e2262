-- What leaves the house for a partner's own CRM: what the gate lets through, on the accounts that the partner itself
-- has. A row for every account of every partner, so that what is no longer so is cleared, also after the last day of
-- a policy or of the contract; then the day too.
with
    barred as (
        select partner, company_id, reason_key, valid_until from {{ ref("share_no_approach") }} where is_whole_company
    ),

    offered as (select distinct partner, company_id from {{ ref("share_whitespace") }})

select
    records.connection,
    records.object,
    records.native_id,
    barred.company_id is not null as no_approach,
    reason.text as no_approach_detail,
    barred.valid_until as no_approach_until,
    offered.company_id is not null as whitespace,
    if(shared.partner is not null, {{ as_of_date() }}, null) as as_of,
    case
        when shared.partner is not null
        then 'policy:' || shared.policy_version
        when parties.stage = 'active'
        then 'no_policy'
        else 'ended'
    end as rule
from {{ ref("records") }} as records
inner join {{ source("config", "parties") }} as parties using (party)
left join {{ ref("share_partners") }} as shared on shared.partner = records.party
left join {{ ref("map_records") }} as places using (record_id)
left join barred on barred.partner = records.party and barred.company_id = places.company_id
left join offered on offered.partner = records.party and offered.company_id = places.company_id
left join {{ ref("run_texts") }} as reason on reason.key = barred.reason_key
where records.party <> 'us' and records.object in ('Account', 'companies')
