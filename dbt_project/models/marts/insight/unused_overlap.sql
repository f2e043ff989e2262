select
    account_map.partner,
    account_map.company_id,
    account_map.company_name,
    account_map.cell,
    account_map.our_status,
    account_map.partner_status,
    account_map.expected_value,
    row_number() over (
        partition by account_map.partner
        order by
            account_map.partner_status = 'target',
            coalesce(account_map.expected_value, 0) desc,
            account_map.cell,
            md5(account_map.company_id),
            account_map.company_id
    )::integer as rank
from {{ ref("account_map") }} as account_map
inner join {{ ref("partner_activity") }} as activity using (partner)
anti join {{ ref("partner_of_record_companies") }} as served using (partner, company_id)
where activity.state = 'ghost' and account_map.cell is not null
