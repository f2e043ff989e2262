with
    -- what the partner itself did; that we pushed a task or asked for an
    -- introduction is ours
    own_acts as (
        select party as partner, activity_on as acted_on, 'insight.act.activity' as act_key
        from {{ ref("activities") }}
        union all
        select partner, {{ local_date("received_at") }} as acted_on, 'insight.act.registration' as act_key
        from {{ ref("registration_claims") }}
        union all
        select partner, last_activity_on, 'insight.act.registration' as act_key
        from {{ ref("registration_claims") }}
        union all
        select
            partner,
            unnest(case direction when 'to_us' then [accepted_on, met_on] else [requested_on, met_on] end) as acted_on,
            'insight.act.introduction' as act_key
        from {{ ref("introduction_claims") }}
        union all
        select partner, read_on, 'insight.act.list' as act_key
        from {{ ref("list_movements") }}
    ),

    last_acts as (
        select partner, max(acted_on) as last_activity_on, max_by(act_key, (acted_on, act_key)) as last_activity_key
        from own_acts
        where acted_on <= {{ as_of_date() }}
        group by partner
    ),

    first_mapped as (
        select partner, {{ local_date("min(first_seen_at)") }} as first_mapped_on
        from {{ ref("account_map") }}
        group by partner
    ),

    silent as (
        select
            parties.party as partner,
            last_acts.last_activity_on,
            last_acts.last_activity_key,
            first_mapped.first_mapped_on,
            run.as_of_date - coalesce(last_acts.last_activity_on, first_mapped.first_mapped_on) as silent_days
        from {{ source("config", "parties") }} as parties
        cross join {{ source("config", "run") }} as run
        left join last_acts on parties.party = last_acts.partner
        left join first_mapped on parties.party = first_mapped.partner
        where parties.party <> 'us' and parties.stage <> 'ended'
    )

select
    partner,
    last_activity_on,
    last_activity_key,
    first_mapped_on,
    silent_days::integer as silent_days,
    case
        when silent_days <= {{ parameter("cooling_days", 60) }}
        then 'active'
        when silent_days <= {{ parameter("ghost_days", 120) }}
        then 'cooling'
        else 'ghost'
    end as state
from silent
