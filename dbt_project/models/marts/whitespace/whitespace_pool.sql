with
    pairs as (
        select
            pairs.partner,
            pairs.company_id,
            pairs.is_target_in_territory,
            coalesce(listed.our_status, 'target') as our_status,
            coalesce(listed.partner_status, 'absent') as partner_status
        from {{ ref("approach_pairs") }} as pairs
        left join {{ ref("account_map") }} as listed using (partner, company_id)
        where listed.partner is not null or pairs.is_target_in_territory
    ),

    territories as (
        select limits.partner, limits.prefectures, limits.industries
        from ({{ contract_limits() }}) as limits
        where limits.prefectures is not null or limits.industries is not null
    ),

    places as (select distinct prefecture, industry from {{ ref("company_profiles") }}),

    inside as (
        select territories.partner, places.prefecture, places.industry
        from territories
        cross join places
        where
            (territories.prefectures is null or list_contains(territories.prefectures, fold_text(places.prefecture)))
            and (territories.industries is null or list_contains(territories.industries, fold_text(places.industry)))
    )

select
    pairs.partner,
    pairs.company_id,
    pairs.our_status,
    pairs.partner_status,
    inside.partner is not null as in_territory,
    list_filter(
        [
            case
                pairs.partner_status
                when 'customer'
                then 'whitespace.their_customer'
                when 'open_opportunity'
                then 'whitespace.their_open_opportunity'
                when 'target'
                then 'whitespace.their_target'
                when 'known'
                then 'whitespace.on_their_list'
            end,
            case when pairs.is_target_in_territory then 'whitespace.in_territory' end,
            case when companies.likeness >= 0.5 then 'whitespace.like_our_customers' end
        ],
        lambda reason:reason is not null
    ) as reason_keys
from pairs
inner join {{ ref("company_profiles") }} as companies using (company_id)
left join
    inside
    on inside.partner = pairs.partner
    and inside.prefecture is not distinct from companies.prefecture
    and inside.industry is not distinct from companies.industry
