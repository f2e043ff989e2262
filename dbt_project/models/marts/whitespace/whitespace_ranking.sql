-- A cap counts companies, not product lines; a company that the partner has registered is never trimmed before others.
with
    given as (
        select candidates.*, assignments.held_until, assignments.rule, assignments.partner is not null as assigned
        from {{ ref("whitespace_candidates") }} as candidates
        left join {{ ref("assignments") }} as assignments using (company_id, partner)
        where not candidates.exclusive or assignments.partner is not null
    ),

    ranked as (
        select
            given.*,
            companies.likeness,
            row_number() over (
                partition by given.partner
                order by
                    given.has_live_claim desc,
                    {{ status_rank("given.partner_status") }},
                    {{ status_rank("given.our_status") }},
                    companies.likeness desc,
                    md5(given.company_id)
            )::integer as rank
        from given
        inner join {{ ref("company_profiles") }} as companies using (company_id)
    )

select
    ranked.partner,
    ranked.company_id,
    ranked.rank,
    ranked.rank > parties.whitespace_cap is true as is_beyond_cap,
    ranked.scopes,
    ranked.reason_keys,
    ranked.exclusive,
    ranked.our_status,
    ranked.partner_status,
    ranked.likeness,
    ranked.assigned,
    ranked.held_until,
    coalesce(ranked.rule, 'shared') as arbitration_rule
from ranked
inner join {{ source("config", "parties") }} as parties on parties.party = ranked.partner
