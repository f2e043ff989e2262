select
    account_map.partner,
    account_map.company_id,
    account_map.company_name,
    account_map.corporate_number,
    account_map.prefecture,
    account_map.partner_status,
    row_number() over (
        partition by account_map.partner
        order by companies.likeness desc, {{ status_rank("account_map.partner_status") }}, md5(account_map.company_id)
    )::integer as rank,
    companies.likeness,
    companies.likeness_reason_key,
    companies.likeness_detail,
    companies.likeness_customers
from {{ ref("account_map") }} as account_map
inner join {{ ref("company_profiles") }} as companies using (company_id)
where account_map.our_status = 'absent'
