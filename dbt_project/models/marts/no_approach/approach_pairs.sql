-- The pairs for which somebody will ask. A verdict for every (partner, company) would
-- be 200 x 1M rows; the CRM's flag
-- is counted from company_bars instead.
with
    partners as (
        select party as partner from {{ source("config", "parties") }} where party <> 'us' and stage = 'active'
    ),

    named as (
        select distinct map_records.party as partner, map_records.company_id
        from {{ ref("map_records") }} as map_records
        inner join partners on partners.partner = map_records.party
    ),

    territories as (
        select
            partner,
            list(fold_text(value)) filter (where kind = 'prefecture') as prefectures,
            list(fold_text(value)) filter (where kind = 'industry') as industries
        from {{ source("config", "territories") }}
        group by partner
    ),

    places as (select distinct prefecture, industry from {{ ref("company_profiles") }}),

    inside as (
        select territories.partner, places.prefecture, places.industry
        from territories
        inner join partners using (partner)
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
        where ours.party = 'us' and ours.status = 'target'
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
        from {{ ref("bar_restricted") }} as restricted
        inner join {{ ref("audiences") }} as audiences using (audience)
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
group by partner, company_id
