{% set place = "dense_rank() over (partition by told.partner, told.kind order by told.rank)" %}

-- What the partner asked for itself is its own; what we noted or propose is told where the policy shows our status
-- of the company.
with
    asked as (
        select
            introductions.*,
            claims.origin = 'file' as is_own,
            records.name as own_name,
            records.native_id,
            claims.record_id
        from {{ ref("introductions") }} as introductions
        inner join {{ ref("introduction_claims") }} as claims using (introduction_id)
        inner join {{ ref("records") }} as records using (record_id)
    ),

    both_kinds as (
        select
            partner,
            introduction_id as told_of,
            company_id,
            is_own,
            if(is_own, own_name, null) as own_name,
            if(is_own, native_id, null) as own_id,
            if(is_own, record_id, null) as own_record_id,
            'requested' as kind,
            direction,
            status,
            requested_on,
            accepted_on,
            met_on,
            closed_on,
            owner_name,
            null::integer as rank
        from asked
        union all
        select
            partner,
            company_id || '|' || direction,
            company_id,
            false,
            null,
            null,
            null,
            'proposed',
            direction,
            null,
            null,
            null,
            null,
            null,
            owner_name,
            rank
        from {{ ref("introduction_proposals") }}
    )

select
    told.partner,
    {{ share_key("told.partner", "told.kind || '|' || told.told_of") }} as row_key,
    told.company_id,
    coalesce(told.own_record_id, companies.partner_record_id) as partner_record_id,
    coalesce(told.own_id, companies.their_id) as their_id,
    coalesce(told.own_name, companies.company_name) as company_name,
    told.kind,
    told.direction,
    told.status,
    told.requested_on,
    told.accepted_on,
    told.met_on,
    told.closed_on,
    {{ shared_field("our_owner", "if(coalesce(pairs.is_shown, false), told.owner_name, null)") }} as our_owner,
    -- counted anew: a gap would tell how many companies that are not shown stand before
    {{ shared_field("rank", "if(told.rank is not null, " ~ place ~ ", null)") }}::integer as rank,
    partners.as_of
from both_kinds as told
inner join {{ ref("share_partners") }} as partners using (partner)
left join {{ ref("share_pairs") }} as pairs using (partner, company_id)
left join {{ ref("share_companies") }} as companies using (partner, company_id)
where
    list_contains(partners.lists, 'introductions')
    and (told.is_own or coalesce(pairs.is_shown, false))
    and coalesce(told.own_name, companies.company_name) is not null
