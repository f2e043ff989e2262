with
    open_ones as (select distinct partner, company_id from {{ ref("introductions") }} where is_open),

    refused as (
        select partner, company_id, direction, true as was_declined
        from {{ ref("introductions") }}
        where status = 'declined'
        group by partner, company_id, direction
    ),

    restricted as (select distinct partner, company_id from {{ ref("no_approach") }} where rule = 'restricted'),

    proposed as (
        select
            account_map.*,
            plays.introduction as direction,
            plays.introduction_order,
            chances.chance,
            coalesce(refused.was_declined, false) as was_declined
        from {{ ref("account_map") }} as account_map
        inner join {{ source("config", "parties") }} as parties on parties.party = account_map.partner
        inner join
            {{ ref("plays") }} as plays on plays.partner_type = parties.party_type and plays.cell = account_map.cell
        inner join
            {{ ref("introduction_chances") }} as chances
            on chances.partner = account_map.partner
            and chances.direction = plays.introduction
        left join
            refused
            on refused.partner = account_map.partner
            and refused.company_id = account_map.company_id
            and refused.direction = plays.introduction
        anti join open_ones on open_ones.partner = account_map.partner and open_ones.company_id = account_map.company_id
        anti join
            restricted on restricted.partner = account_map.partner and restricted.company_id = account_map.company_id
    )

select
    partner,
    company_id,
    company_name,
    direction,
    our_owner as owner_name,
    row_number() over (partition by partner order by {{ introductions_in_order() }})::integer as rank,
    row_number() over (partition by our_owner order by {{ introductions_in_order() }})::integer as owner_rank,
    cell,
    play_key as reason_key,
    our_status,
    partner_status,
    expected_value,
    chance
from proposed
