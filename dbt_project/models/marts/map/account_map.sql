with
    sides as (
        select
            theirs.party as partner,
            theirs.company_id,
            coalesce(ours.our_status, 'absent') as our_status,
            theirs.status as partner_status,
            coalesce(ours.records, 0) as our_records,
            theirs.records as partner_records,
            coalesce(ours.open_amount, 0) as open_amount,
            coalesce(ours.won_amount, 0) as won_amount,
            coalesce(ours.value_at_stake, 0) as value_at_stake,
            ours.expected_value,
            ours.expected_value_basis,
            ours.owner_name as our_owner,
            theirs.owner_name as partner_owner,
            -- the partner's record may be the one that the others were compared with: then our side has the evidence
            theirs.match_rule = 'alone' and ours.match_rule is not null as ours_has_evidence,
            struct_pack(
                rule := ours.match_rule, probability := ours.match_probability, words := ours.evidence
            ) as our_match,
            struct_pack(
                rule := theirs.match_rule, probability := theirs.match_probability, words := theirs.evidence
            ) as their_match
        from {{ ref("party_companies") }} as theirs
        left join {{ ref("our_companies") }} as ours using (company_id)
        where theirs.party <> 'us'
    ),

    matched as (
        select
            * exclude (our_match, their_match), case when ours_has_evidence then our_match else their_match end as match
        from sides
    )

select
    matched.partner,
    matched.company_id,
    companies.name as company_name,
    companies.corporate_number,
    companies.prefecture,
    matched.our_status,
    matched.partner_status,
    cells.cell,
    plays.play_key,
    plays.owner_role,
    plays.kpi_key,
    plays.talking_point_key,
    matched.our_records,
    matched.partner_records,
    matched.open_amount,
    matched.won_amount,
    matched.value_at_stake,
    matched.expected_value,
    matched.expected_value_basis,
    matched.our_owner,
    matched.partner_owner,
    matched.match.rule as match_rule,
    matched.match.probability as match_probability,
    matched.match.words as evidence,
    coalesce(seen.first_seen_at, run.as_of) as first_seen_at,
    run.as_of
from matched
cross join {{ source("config", "run") }} as run
inner join {{ source("config", "parties") }} as parties on parties.party = matched.partner
inner join {{ ref("company_profiles") }} as companies using (company_id)
left join {{ ref("cells") }} as cells using (our_status, partner_status)
left join {{ ref("plays") }} as plays on plays.partner_type = parties.party_type and plays.cell = cells.cell
left join
    {{ source("state", "first_seen") }} as seen
    on seen.kind = 'account_map'
    and seen.key = matched.partner || '|' || matched.company_id
