-- The pairs for which somebody will ask. A verdict for every (partner, company) would
-- be 200 x 1M rows; the CRM's flag
-- is counted from company_bars instead.
with
    partners as (
        select party as partner from {{ source("config", "parties") }} where party <> 'us' and stage = 'active'
    ),

    named as (
        select party as partner, company_id
        from {{ ref("map_records") }}
        union
        select claims.partner, map_records.company_id
        from {{ ref("registration_claims") }} as claims
        inner join {{ ref("map_records") }} as map_records using (record_id)
    ),

    -- employees alone make no territory: that would be every target of ours
    territories as (
        select limits.*
        from ({{ contract_limits() }}) as limits
        inner join partners using (partner)
        where limits.prefectures is not null or limits.industries is not null
    ),

    places as (select distinct prefecture, industry from {{ ref("company_profiles") }}),

    inside as (
        select territories.partner, territories.at_least, territories.at_most, places.prefecture, places.industry
        from territories
        cross join places
        where
            (territories.prefectures is null or list_contains(territories.prefectures, fold_text(places.prefecture)))
            and (territories.industries is null or list_contains(territories.industries, fold_text(places.industry)))
    ),

    in_territory as (
        select inside.partner, companies.company_id
        from {{ ref("company_profiles") }} as companies
        inner join {{ ref("party_companies") }} as ours using (company_id)
        inner join
            inside
            on inside.prefecture is not distinct from companies.prefecture
            and inside.industry is not distinct from companies.industry
        where
            ours.party = 'us'
            and ours.status = 'target'
            and coalesce(companies.employees >= inside.at_least, true)
            and coalesce(companies.employees <= inside.at_most, true)
    ),

    wanted as (
        select partner, company_id
        from named
        union
        select partner, company_id
        from in_territory
    ),

    singled_out as (
        select partners.partner, overrides.company_id
        from {{ ref("company_overrides") }} as overrides
        inner join partners on overrides.partner is null or overrides.partner = partners.partner
        union
        select audiences.partner, restricted.company_id
        from {{ ref("standing_bars") }} as restricted
        inner join {{ ref("audiences") }} as audiences using (audience)
        where restricted.rule = 'restricted'
        union
        select wanted.partner, neighbours.other_company_id
        from wanted
        inner join {{ ref("review_neighbours") }} as neighbours using (company_id)
    ),

    pairs as (
        select partner, company_id, true as named_by_partner, false as is_target_in_territory
        from named
        union all
        select partner, company_id, false, true
        from in_territory
        union all
        select partner, company_id, false, false
        from singled_out
    )

select
    partner,
    company_id,
    bool_or(named_by_partner) as named_by_partner,
    bool_or(is_target_in_territory) as is_target_in_territory
from pairs
semi join partners using (partner)
group by partner, company_id
