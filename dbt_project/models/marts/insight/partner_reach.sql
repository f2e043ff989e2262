with
    partners as (
        select party as partner from {{ source("config", "parties") }} where party <> 'us' and stage <> 'ended'
    ),

    ours as (
        select
            count(*) filter (where sides.status = 'target') as our_targets,
            avg(companies.likeness order by companies.likeness) filter (where sides.status = 'customer') as likeness,
            median(companies.likeness) filter (where sides.status = 'customer') as usual_likeness
        from {{ ref("party_companies") }} as sides
        inner join {{ ref("company_profiles") }} as companies using (company_id)
        where sides.party = 'us'
    ),

    theirs as (
        select
            account_map.partner,
            count(*) as companies,
            count(*) filter (where account_map.cell is not null) as overlap,
            count(*) filter (
                where account_map.our_status = 'target' and account_map.partner_status = 'customer'
            ) as covered_targets,
            count(*) filter (where account_map.partner_status = 'customer') as their_customers,
            avg(companies.likeness order by companies.likeness) filter (
                where account_map.partner_status = 'customer'
            ) as likeness,
            count(*) filter (
                where
                    account_map.our_status = 'absent'
                    and companies.likeness >= ours.usual_likeness
                    and companies.likeness > 0
            ) as new_companies
        from {{ ref("account_map") }} as account_map
        inner join {{ ref("company_profiles") }} as companies using (company_id)
        cross join ours
        group by account_map.partner
    )

select
    partners.partner,
    coalesce(theirs.companies, 0) as companies,
    coalesce(theirs.overlap, 0) as overlap,
    ours.our_targets,
    coalesce(theirs.covered_targets, 0) as covered_targets,
    coalesce(theirs.covered_targets, 0) / nullif(ours.our_targets, 0) as coverage,
    coalesce(theirs.their_customers, 0) as their_customers,
    theirs.likeness / nullif(ours.likeness, 0) as relative_likeness,
    case when ours.likeness > 0 then theirs.new_companies end as new_companies
from partners
cross join ours
left join theirs using (partner)
