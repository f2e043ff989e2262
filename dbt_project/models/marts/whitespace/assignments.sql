-- What state.assignments holds after this run: who held a company keeps it with the rule that once decided.
select
    winners.company_id,
    winners.partner,
    coalesce(standing.assigned_on, run.as_of_date) as assigned_on,
    coalesce(standing.held_until, run.as_of_date + {{ parameter("assignment_days", 90) }}) as held_until,
    coalesce(standing.rule, winners.rule) as rule
from {{ ref("arbitration") }} as winners
cross join {{ source("config", "run") }} as run
left join {{ ref("standing_assignments") }} as standing using (company_id, partner)
where winners.place = 1
