-- Approaches only: a claim is one, a partner's own business, a joint play and the partner of record are not.
with
    claims as (select * from {{ ref("current_claims") }}),

    registered_twice as (
        select
            company_id,
            'registered_twice' as kind,
            list(partner) as parties,
            'medium' as severity,
            'partner_manager' as who_must_act,
            first(
                partner order by status in ('pending', 'approved') desc, received_at, md5(claim_id)
            ) as suggested_winner,
            'first_received' as rule
        from claims
        group by company_id
        having count(*) > 1
    ),

    -- partners that already stand at the company: our deal runs through them, or it was given to them
    holders as (
        select map_records.company_id, opportunities.partner_of_record as partner, 'partner_of_record' as rule
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us' and opportunities.is_open and opportunities.partner_of_record is not null
        union
        select company_id, partner, 'standing_assignment'
        from {{ ref("assignments") }}
        -- a holder with a claim of its own is a double registration already
        anti join claims using (company_id, partner)
    ),

    two_partners as (
        select
            claims.company_id,
            'two_partners' as kind,
            list_distinct(list_concat(list(claims.partner), list(holders.partner))) as parties,
            'high' as severity,
            'partner_manager' as who_must_act,
            first(holders.partner order by holders.rule, holders.partner) as suggested_winner,
            first(holders.rule order by holders.rule, holders.partner) as rule
        from claims
        inner join holders using (company_id)
        inner join {{ source("config", "parties") }} as parties on parties.party = holders.partner
        where holders.partner <> claims.partner and parties.stage = 'active'
        group by claims.company_id
    ),

    own_deals as (
        select distinct map_records.company_id
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where map_records.party = 'us' and opportunities.is_open and opportunities.partner_of_record is null
    ),

    partner_and_own_sales as (
        select
            company_id,
            'partner_and_own_sales' as kind,
            list_concat(list(partner), ['us']) as parties,
            'high' as severity,
            'our_owner' as who_must_act,
            if(
                bool_or(status in ('pending', 'approved')),
                first(partner order by status in ('pending', 'approved') desc, received_at, md5(claim_id)),
                'us'
            ) as suggested_winner,
            if(bool_or(status in ('pending', 'approved')), 'first_received', 'our_open_opportunity') as rule
        from claims
        semi join own_deals using (company_id)
        group by company_id
    ),

    working_no_approach as (
        select
            company_id,
            'working_no_approach' as kind,
            [partner] as parties,
            if(barred_by = 'restricted', 'high', 'medium') as severity,
            'partner_manager' as who_must_act,
            'us' as suggested_winner,
            'no_approach' as rule
        from claims
        -- against our own open deal it is the collision above
        where barred_by is not null and barred_by <> 'our_open_opportunity'
    ),

    found as (
        select * replace (array_to_string(list_sort(parties), ',') as parties)
        from
            (
                from registered_twice
                union all by name
                from two_partners
                union all by name
                from partner_and_own_sales
                union all by name
                from working_no_approach
            )
    ),

    identified as (select *, md5(kind || '|' || company_id || '|' || parties) as collision_id from found)

select
    identified.collision_id,
    identified.company_id,
    companies.name as company_name,
    identified.kind,
    identified.parties,
    identified.severity,
    identified.who_must_act,
    identified.suggested_winner,
    identified.rule,
    coalesce(seen.first_seen_at, run.as_of) as first_seen_at,
    run.as_of
from identified
cross join {{ source("config", "run") }} as run
inner join {{ ref("company_profiles") }} as companies using (company_id)
left join {{ source("state", "first_seen") }} as seen on seen.kind = 'collision' and seen.key = identified.collision_id
