with restricted as (select distinct partner, company_id from {{ ref("no_approach") }} where rule = 'restricted')

select
    account_map.partner,
    account_map.company_id,
    account_map.company_name,
    account_map.cell,
    account_map.our_status,
    account_map.partner_status,
    account_map.play_key,
    account_map.owner_role,
    account_map.our_owner,
    account_map.partner_owner,
    account_map.expected_value
from {{ ref("account_map") }} as account_map
anti join restricted on restricted.partner = account_map.partner and restricted.company_id = account_map.company_id
where account_map.cell is not null
