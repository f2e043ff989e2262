-- Partners see nothing of this: the company may be the barred one, a person has yet to say.
select
    pairs.partner,
    pairs.company_id,
    no_approach.scope,
    neighbours.other_company_id as barred_company_id,
    first(no_approach.rule order by {{ rule_rank("no_approach.rule") }}) as rule,
    min(neighbours.record_id) as record_id
from {{ ref("approach_pairs") }} as pairs
inner join {{ ref("review_neighbours") }} as neighbours using (company_id)
inner join
    {{ ref("no_approach") }} as no_approach
    on no_approach.partner = pairs.partner
    and no_approach.company_id = neighbours.other_company_id
group by pairs.partner, pairs.company_id, no_approach.scope, neighbours.other_company_id
