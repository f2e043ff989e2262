-- Nothing leaves for a partner that is not here: the policy must be approved and still run, and so must the contract.
select policies.partner, policies.policy_version, policies.minimum_count, policies.lists, policies.fields, run.as_of
from {{ source("config", "sharing_policies") }} as policies
inner join {{ source("config", "parties") }} as parties on parties.party = policies.partner
cross join {{ source("config", "run") }} as run
where
    parties.stage = 'active'
    and policies.approved_by is not null
    and (policies.until is null or policies.until >= run.as_of_date)
