with
    queues as (
        select
            members.kind,
            members.company_id,
            members.scope,
            list(
                struct_pack(
                    party := members.party,
                    standing := members.standing,
                    received_at := members.received_at,
                    relationship := {{ status_rank("theirs.status") }}
                )
                order by
                    members.right_of_way,
                    members.received_at,
                    {{ status_rank("theirs.status") }},
                    md5(members.company_id || '|' || members.party)
            ) as parties,
            first(members.severity order by list_position(['high', 'medium', 'low'], members.severity)) as severity
        from {{ ref("collision_members") }} as members
        left join
            {{ ref("party_companies") }} as theirs
            on theirs.party = members.party
            and theirs.company_id = members.company_id
        group by members.kind, members.company_id, members.scope
    ),

    verdicts as (
        select
            *,
            parties[1].standing = 'claim' and parties[1].received_at = parties[2].received_at as at_same_moment,
            parties[1].relationship < parties[2].relationship as is_closer
        from queues
    )

select
    kind,
    company_id,
    scope,
    array_to_string(list_sort(list_transform(parties, lambda p:p.party)), ',') as parties,
    severity,
    if(kind = 'working_no_approach', 'us', parties[1].party) as suggested_winner,
    case
        when parties[1].standing <> 'claim'
        then parties[1].standing
        when not coalesce(at_same_moment, false)
        then 'first_received'
        when is_closer
        then 'existing_relationship'
        else 'stable_hash'
    end as rule
from verdicts
