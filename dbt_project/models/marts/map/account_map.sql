with
    sides as (
        select
            theirs.party as partner,
            theirs.company_id,
            coalesce(ours.status, 'absent') as our_status,
            theirs.status as partner_status,
            coalesce(ours.records, 0) as our_records,
            theirs.records as partner_records,
            coalesce(ours.open_amount + ours.won_amount, 0) as value_at_stake,
            ours.owner_name as our_owner,
            theirs.owner_name as partner_owner,
            -- the partner's record may be the one that the others were compared with:
            -- then our side has the evidence
            case
                when theirs.match_rule = 'alone' and ours.match_rule is not null then 'us' else 'partner'
            end as evidence_of,
            ours.match_rule as our_rule,
            ours.match_probability as our_probability,
            ours.evidence as our_evidence,
            theirs.match_rule as their_rule,
            theirs.match_probability as their_probability,
            theirs.evidence as their_evidence
        from {{ ref("party_companies") }} as theirs
        left join {{ ref("party_companies") }} as ours on ours.party = 'us' and ours.company_id = theirs.company_id
        where theirs.party <> 'us'
    )

select
    sides.partner,
    sides.company_id,
    companies.name as company_name,
    companies.corporate_number,
    companies.prefecture,
    sides.our_status,
    sides.partner_status,
    plays.cell,
    plays.play_key,
    sides.our_records,
    sides.partner_records,
    sides.value_at_stake,
    sides.our_owner,
    sides.partner_owner,
    case sides.evidence_of when 'us' then sides.our_rule else sides.their_rule end as match_rule,
    case sides.evidence_of when 'us' then sides.our_probability else sides.their_probability end as match_probability,
    case sides.evidence_of when 'us' then sides.our_evidence else sides.their_evidence end as evidence,
    coalesce(seen.first_seen_at, run.as_of) as first_seen_at,
    run.as_of
from sides
cross join {{ source("config", "run") }} as run
inner join {{ ref("company_profiles") }} as companies using (company_id)
left join {{ ref("plays") }} as plays using (our_status, partner_status)
left join
    {{ source("state", "first_seen") }} as seen
    on seen.kind = 'account_map'
    and seen.key = sides.partner || '|' || sides.company_id
