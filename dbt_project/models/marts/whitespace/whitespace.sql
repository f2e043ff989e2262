-- what the cap trims stays assigned: it is not offered to another
select
    ranked.partner,
    ranked.company_id,
    scopes.scope,
    companies.name as company_name,
    companies.corporate_number,
    companies.prefecture,
    ranked.rank,
    ranked.reason_keys[1] as reason_key,
    ranked.reason_keys,
    ranked.exclusive,
    ranked.our_status,
    ranked.partner_status,
    ranked.likeness,
    ranked.assigned,
    ranked.held_until,
    ranked.arbitration_rule
from {{ ref("whitespace_ranking") }} as ranked
cross join unnest(ranked.scopes) as scopes(scope)
inner join {{ ref("company_profiles") }} as companies using (company_id)
where not ranked.is_beyond_cap
