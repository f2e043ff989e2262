with
    given as (
        select
            candidates.*,
            assignments.held_until,
            coalesce(assignments.rule, 'shared') as arbitration_rule,
            assignments.partner is not null as assigned
        from {{ ref("whitespace_candidates") }} as candidates
        left join {{ ref("assignments") }} as assignments using (company_id, partner)
        where not candidates.exclusive or assignments.partner is not null
    ),

    ranked as (
        select
            given.partner,
            given.company_id,
            companies.name as company_name,
            companies.corporate_number,
            companies.prefecture,
            row_number() over (
                partition by given.partner
                order by
                    {{ status_rank("given.partner_status") }},
                    {{ status_rank("given.our_status") }},
                    companies.likeness desc,
                    md5(given.company_id)
            )::integer as rank,
            given.reason_key,
            given.exclusive,
            given.our_status,
            given.partner_status,
            given.assigned,
            given.held_until,
            given.arbitration_rule
        from given
        inner join {{ ref("company_profiles") }} as companies using (company_id)
    )

-- what the cap trims stays assigned: it is not offered to another
select ranked.*
from ranked
inner join {{ source("config", "parties") }} as parties on parties.party = ranked.partner
where parties.whitespace_cap is null or ranked.rank <= parties.whitespace_cap
