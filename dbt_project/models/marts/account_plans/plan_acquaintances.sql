with
    -- an owner who has not met the contact knows it all the same
    pairs as (
        select partner, our_person_id, their_person_id, activity_on
        from {{ ref("partner_meetings") }}
        where their_person_id is not null
        union all
        select partner, owner_person_id, person_id, null
        from {{ ref("partner_contacts") }}
    ),

    known as (
        select
            pairs.partner,
            ours.leading_id as our_id,
            theirs.leading_id as their_id,
            count(*) filter (where pairs.activity_on > run.as_of_date - interval 12 months) as meetings,
            max(pairs.activity_on) as last_on,
            coalesce(max(pairs.activity_on) >= run.as_of_date - 90, false) as is_recent
        from pairs
        cross join {{ source("config", "run") }} as run
        inner join ({{ planned_partners() }}) as partners on partners.partner = pairs.partner
        inner join {{ ref("our_people") }} as ours on ours.person_id = pairs.our_person_id
        inner join
            {{ ref("partner_contacts") }} as theirs
            on theirs.partner = pairs.partner
            and theirs.person_id = pairs.their_person_id
        group by pairs.partner, ours.leading_id, theirs.leading_id, run.as_of_date
    )

select
    partner,
    our_id,
    their_id,
    meetings,
    last_on,
    case when meetings >= 4 and is_recent then 'strong' when meetings >= 2 then 'fair' else 'weak' end as strength
from known
