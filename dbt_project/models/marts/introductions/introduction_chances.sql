-- Of few cases the parts are drawn towards a half: one win is no proof, nor is one refusal.
with
    counted as (
        select
            partner,
            direction,
            count(*) filter (status <> 'requested') as answered,
            count(*) filter (accepted_on is not null or status in ('accepted', 'met', 'won')) as accepted,
            count(*) filter (status = 'won') as won
        from {{ ref("introductions") }}
        group by partner, direction
    )

select
    parties.party as partner,
    directions.direction,
    coalesce(counted.answered, 0) as answered,
    coalesce(counted.accepted, 0) as accepted,
    coalesce(counted.won, 0) as won,
    (coalesce(counted.accepted, 0) + 1)
    / (coalesce(counted.answered, 0) + 2)
    * (coalesce(counted.won, 0) + 1)
    / (coalesce(counted.accepted, 0) + 2) as chance
from {{ source("config", "parties") }} as parties
cross join (select unnest(['to_us', 'to_partner']) as direction) as directions
left join counted on counted.partner = parties.party and counted.direction = directions.direction
where parties.party <> 'us' and parties.stage = 'active'
