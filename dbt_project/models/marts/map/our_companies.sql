-- What a company is worth to us, by what it is: a customer by its contract, a deal by what is expected of it, a target
-- by the typical contract. Where a contract or a deal has no amount the typical contract stands in, and the basis
-- says so.
with
    valued as (
        select
            ours.*,
            profiles.typical_contract_value,
            case
                when ours.status = 'customer' and ours.won_amount > 0
                then 'contract'
                when ours.status = 'open_opportunity' and ours.expected_amount > 0
                then 'open_opportunity'
                when
                    ours.status in ('customer', 'open_opportunity', 'target')
                    and profiles.typical_contract_value is not null
                then 'typical_contract'
            end as expected_value_basis
        from {{ ref("party_companies") }} as ours
        inner join {{ ref("company_profiles") }} as profiles using (company_id)
        where ours.party = 'us'
    )

select
    company_id,
    status as our_status,
    records,
    owner_name,
    open_amount,
    won_amount,
    open_amount + won_amount as value_at_stake,
    case
        expected_value_basis
        when 'contract'
        then won_amount
        when 'open_opportunity'
        then expected_amount
        when 'typical_contract'
        then typical_contract_value
    end as expected_value,
    expected_value_basis,
    match_rule,
    match_probability,
    evidence
from valued
