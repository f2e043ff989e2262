{{ config(materialized="view") }}  -- read for one company at a time

-- Claims, introductions and collisions on the company, each with the rule that decided.
with
    registrations as (
        select
            claims.company_id,
            claims.partner,
            'registrations' as section,
            'explain.registration' as text_key,
            map{
                'partner':parties.name,
                'claim_id':claims.claim_id,
                'received':claims.received_on::varchar,
                'scope':{{ scope_name("claims.scope") }},
                'status_key':'registration.status.' || claims.status,
                'reason_key':claims.reason_key,
                'until':claims.protected_until::varchar,
                'active_on':claims.last_activity_on::varchar,
                'lost_to':claims.held_by_claim_id
            } as params,
            claims.received_at::varchar || claims.claim_id as ordered_by
        from {{ ref("registrations") }} as claims
        inner join {{ source("config", "parties") }} as parties on parties.party = claims.partner
    ),

    introductions as (
        select
            introductions.company_id,
            introductions.partner,
            'introductions' as section,
            'explain.introduction.' || introductions.direction as text_key,
            map{
                'partner':parties.name,
                'status_key':'introduction.status.' || introductions.status,
                'requested':introductions.requested_on::varchar,
                'owner':introductions.owner_name
            } as params,
            coalesce(introductions.requested_on::varchar, '') || introductions.introduction_id as ordered_by
        from {{ ref("introductions") }} as introductions
        inner join {{ source("config", "parties") }} as parties on parties.party = introductions.partner
    ),

    proposals as (
        select
            proposals.company_id,
            proposals.partner,
            'introductions' as section,
            'explain.proposal' as text_key,
            map{
                'partner':parties.name,
                'reason_key':proposals.reason_key,
                'rank':proposals.rank::varchar,
                'owner':proposals.owner_name
            } as params,
            'z' || lpad(parties.position::varchar, 5, '0') || proposals.direction as ordered_by
        from {{ ref("introduction_proposals") }} as proposals
        inner join {{ source("config", "parties") }} as parties on parties.party = proposals.partner
    ),

    collisions as (
        select
            company_id,
            null::varchar as partner,
            'collisions' as section,
            if(resolved_at is null, 'explain.collision', 'explain.collision_resolved') as text_key,
            map{
                'kind_key':'collision.' || kind,
                'parties':parties,
                'severity_key':'collision.severity.' || severity,
                'who_key':'collision.act.' || who_must_act,
                'winner':suggested_winner,
                'rule_key':'collision.rule.' || rule,
                'first_seen':{{ local_date("first_seen_at") }}::varchar,
                'resolved':{{ local_date("resolved_at") }}::varchar
            } as params,
            first_seen_at::varchar || collision_id as ordered_by
        from {{ ref("collision_log") }}
    )

from registrations
union all by name
from introductions
union all by name
from proposals
union all by name
from collisions
