with
    contenders as (
        select
            candidates.company_id,
            candidates.partner,
            candidates.has_live_claim,
            candidates.partner_status = 'customer' as is_customer,
            candidates.partner_status = 'open_opportunity' as in_deal,
            candidates.in_territory,
            coalesce(scores.fit, 0) as fit,
            standing.partner is not null as is_holder,
            md5(candidates.company_id || '|' || candidates.partner) as stable_hash
        from {{ ref("whitespace_candidates") }} as candidates
        left join {{ ref("partner_fit") }} as scores using (partner)
        left join {{ ref("standing_assignments") }} as standing using (company_id, partner)
        where candidates.exclusive
    ),

    placed as (
        select *, row_number() over best_first as place
        from contenders
        window
            best_first as (
                partition by company_id
                order by
                    is_holder desc,
                    has_live_claim desc,
                    is_customer desc,
                    in_deal desc,
                    in_territory desc,
                    fit desc,
                    stable_hash
            )
    ),

    -- the winner is compared with the second, everybody else with the winner
    opponents as (select *, if(place = 1, 2, 1) as opponent_place from placed)

select
    own.company_id,
    own.partner,
    own.place::integer as place,
    own.has_live_claim,
    own.is_customer,
    own.in_deal,
    own.in_territory,
    own.fit,
    own.is_holder,
    case
        when other.partner is null
        then 'only_candidate'
        when own.is_holder <> other.is_holder
        then 'standing_assignment'
        when own.has_live_claim <> other.has_live_claim
        then 'live_registration'
        when own.is_customer <> other.is_customer
        then 'existing_customer'
        when own.in_deal <> other.in_deal
        then 'open_opportunity'
        when own.in_territory <> other.in_territory
        then 'territory'
        when own.fit <> other.fit
        then 'partner_fit'
        else 'stable_hash'
    end as rule,
    if(own.place = 1, 'holds', 'yields') as verdict
from opponents as own
left join placed as other on other.company_id = own.company_id and other.place = own.opponent_place
