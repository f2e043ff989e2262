with
    met as (
        select
            meetings.partner,
            meetings.our_person_id as our_id,
            meetings.their_person_id as their_id,
            count(*) filter (where meetings.activity_on > run.as_of_date - interval 12 months) as meetings,
            max(meetings.activity_on) as last_on,
            max(meetings.activity_on) >= run.as_of_date - 90 as is_recent
        from {{ ref("partner_meetings") }} as meetings
        cross join {{ source("config", "run") }} as run
        where meetings.their_person_id is not null
        group by meetings.partner, meetings.our_person_id, meetings.their_person_id, run.as_of_date
    ),

    known as (
        select *
        from met
        union all
        select partner, owner_person_id as our_id, person_id as their_id, 0 as meetings, null as last_on, false
        from {{ ref("partner_contacts") }} as contacts
        anti join
            met
            on met.partner = contacts.partner
            and met.our_id = contacts.owner_person_id
            and met.their_id = contacts.person_id
    )

select
    known.partner,
    known.our_id,
    known.their_id,
    known.meetings,
    known.last_on,
    case
        when known.meetings >= 4 and known.is_recent then 'strong' when known.meetings >= 2 then 'fair' else 'weak'
    end as strength
from known
semi join {{ ref("plan_people") }} as ours on ours.partner = known.partner and ours.person_id = known.our_id
semi join {{ ref("plan_people") }} as theirs on theirs.partner = known.partner and theirs.person_id = known.their_id
