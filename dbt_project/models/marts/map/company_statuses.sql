with
    partners as (
        select
            companies.company_id,
            count(*)::integer as partners,
            map_from_entries(
                list(struct_pack(partner := companies.party, status := companies.status) order by parties.position)
            ) as partner_statuses
        from {{ ref("party_companies") }} as companies
        inner join {{ source("config", "parties") }} as parties using (party)
        where companies.party <> 'us'
        group by companies.company_id
    )

select
    coalesce(ours.company_id, partners.company_id) as company_id,
    profiles.name as company_name,
    coalesce(ours.our_status, 'absent') as our_status,
    coalesce(partners.partners, 0) as partners,
    coalesce(partners.partner_statuses, map()) as partner_statuses
from {{ ref("our_companies") }} as ours
full join partners using (company_id)
inner join
    {{ ref("company_profiles") }} as profiles on profiles.company_id = coalesce(ours.company_id, partners.company_id)
