-- What state.assignments holds after this run. A standing one stays with its partner until it runs out, while that
-- partner is still a candidate: a no-approach row, an ended contract or a company gone from its list releases it.
with
    contenders as (select * from {{ ref("whitespace_candidates") }} where exclusive),

    activities as (
        select map_records.party as partner, map_records.company_id, max(activities.activity_on) as active_on
        from {{ ref("activities") }} as activities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        cross join {{ source("config", "run") }} as run
        where map_records.party <> 'us' and activities.activity_on <= run.as_of_date
        group by map_records.party, map_records.company_id
    ),

    renewed as (
        select
            held.company_id,
            held.partner,
            held.assigned_on,
            greatest(
                held.held_until,
                if(
                    activities.active_on >= held.assigned_on,
                    activities.active_on + {{ parameter("assignment_days", 90) }},
                    null
                )
            ) as held_until,
            held.rule
        from {{ source("state", "assignments") }} as held
        semi join contenders using (company_id, partner)
        left join activities using (company_id, partner)
    ),

    standing as (
        select renewed.*
        from renewed
        cross join {{ source("config", "run") }} as run
        where renewed.held_until >= run.as_of_date
    ),

    contested as (
        select
            contenders.company_id,
            contenders.partner,
            contenders.has_live_claim,
            contenders.partner_status = 'customer' as is_customer,
            contenders.partner_status = 'open_opportunity' as in_deal,
            contenders.is_target_in_territory,
            md5(contenders.company_id || '|' || contenders.partner) as stable_hash
        from contenders
        anti join standing using (company_id)
    ),

    ranked as (
        select
            *,
            row_number() over best_first as place,
            lead(
                struct_pack(
                    has_live_claim := has_live_claim,
                    is_customer := is_customer,
                    in_deal := in_deal,
                    in_territory := is_target_in_territory
                )
            ) over best_first as runner_up
        from contested
        window
            best_first as (
                partition by company_id
                order by has_live_claim desc, is_customer desc, in_deal desc, is_target_in_territory desc, stable_hash
            )
    ),

    newly as (
        select
            ranked.company_id,
            ranked.partner,
            run.as_of_date as assigned_on,
            run.as_of_date + {{ parameter("assignment_days", 90) }} as held_until,
            case
                when ranked.runner_up is null
                then 'only_candidate'
                when ranked.has_live_claim <> ranked.runner_up.has_live_claim
                then 'live_registration'
                when ranked.is_customer <> ranked.runner_up.is_customer
                then 'existing_customer'
                when ranked.in_deal <> ranked.runner_up.in_deal
                then 'open_opportunity'
                when ranked.is_target_in_territory <> ranked.runner_up.in_territory
                then 'territory'
                else 'stable_hash'
            end as rule
        from ranked
        cross join {{ source("config", "run") }} as run
        where ranked.place = 1
    )

select *
from standing
union all by name
select *
from newly
