-- To which use each partner gives us what it has, on the day of the run: after the last agreed day only to matching and
-- mapping.
with
    terms as (
        select
            parties.party as partner,
            coalesce(terms.use, 'plans') as agreed_use,
            terms.until as agreed_until,
            terms.until - run.as_of_date as days_left
        from {{ source("config", "parties") }} as parties
        cross join {{ source("config", "run") }} as run
        left join {{ source("config", "partner_terms") }} as terms on terms.partner = parties.party
        where parties.party <> 'us'
    ),

    in_force as (select *, if(days_left < 0, 'mapping_only', agreed_use) as use_in_force from terms)

select
    partner,
    agreed_use,
    agreed_until,
    days_left,
    use_in_force,
    use_in_force in ('crm_fields', 'plans') as is_for_crm,
    use_in_force = 'plans' as is_for_plans
from in_force
