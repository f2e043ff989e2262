-- What somebody should hear of. New is what the last run that looked after alerts did not know; without one nothing
-- is. A replay of the past alerts nothing. Alerts leave the map: what a partner's terms keep in it stays in the report.
with
    kept_out as (select partner from {{ ref("partner_uses") }} where not is_for_crm),

    -- its claims that stand in our own CRM are ours to tell
    kept_in_map as (
        select collisions.collision_id
        from
            (
                select collision_id, company_id, unnest(string_split(parties, ',')) as partner
                from {{ ref("collisions") }}
            ) as collisions
        semi join kept_out using (partner)
        anti join {{ ref("claims_in_our_crm") }} using (partner, company_id)
    ),

    told as (select max(as_of) as told_at from {{ source("state", "alert_runs") }} where as_of < {{ as_of() }}),

    news as (
        select
            'new_overlap' as kind,
            partner,
            company_id,
            our_status,
            partner_status,
            'alert.new_overlap' as text_key,
            concat_ws('|', partner, company_id, epoch_us(told_at)) as subject
        from {{ ref("new_overlaps") }}
        anti join kept_out using (partner)
        union all by name
        -- not by its id: until somebody remembers the collision, every run gives it another
        select
            'new_collision' as kind,
            company_id,
            collisions.kind as collision_kind,
            parties,
            severity,
            who_must_act,
            'alert.new_collision' as text_key,
            concat_ws('|', collisions.kind, company_id, scope, epoch_us(told_at)) as subject
        from {{ ref("collisions") }} as collisions
        inner join told on collisions.first_seen_at > told.told_at
        anti join kept_in_map using (collision_id)
        where collisions.severity <> 'low'
        union all by name
        select
            'claim_lapsing' as kind,
            claims.partner,
            claims.company_id,
            claims.protected_until as due_on,
            if(claims.status = 'pending', 'alert.claim_undecided', 'alert.claim_lapsing') as text_key,
            concat_ws('|', claims.claim_id, claims.protected_until) as subject
        from {{ ref("registrations") }} as claims
        left join {{ ref("registration_claims") }} as standing using (claim_id)
        left join kept_out on kept_out.partner = claims.partner
        cross join {{ source("config", "run") }} as run
        where
            {{ is_live_claim("claims.status") }}
            and (kept_out.partner is null or standing.origin <> 'file')
            and claims.protected_until - run.as_of_date between 0 and {{ parameter("alert_lapsing_days", 7) }}
    )

select
    md5(news.kind || '|' || news.subject) as alert_id,
    news.kind,
    if(news.who_must_act = 'partner_manager', null, ours.owner_name) as owner,
    news.partner,
    news.company_id,
    companies.name as company_name,
    news.our_status,
    news.partner_status,
    news.collision_kind,
    news.parties,
    news.severity,
    news.who_must_act,
    news.due_on,
    news.text_key
from news
semi join {{ source("config", "alert_kinds") }} as kinds using (kind)
inner join {{ ref("company_profiles") }} as companies using (company_id)
left join {{ ref("party_companies") }} as ours on ours.party = 'us' and ours.company_id = news.company_id
where not exists (from {{ source("state", "map_runs") }} as runs where runs.as_of > {{ as_of() }})
