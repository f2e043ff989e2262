-- A bar names its audience instead of each partner, so that a rule that holds for 200
-- partners is one row per company.
with
    partners as (
        select party as partner from {{ source("config", "parties") }} where party <> 'us' and stage = 'active'
    ),

    settings as (
        select rules.partner, rules.rule, rules.days
        from {{ source("config", "no_approach_rules") }} as rules
        inner join partners using (partner)
        where rules.enabled
    ),

    places as (select distinct prefecture, industry from {{ ref("company_profiles") }}),

    territories as (
        select
            territories.partner,
            list(fold_text(territories.value)) filter (where territories.kind = 'prefecture') as prefectures,
            list(fold_text(territories.value)) filter (where territories.kind = 'industry') as industries
        from {{ source("config", "territories") }} as territories
        group by territories.partner
    ),

    -- a company whose place or industry is unknown is not held against the partner
    out_of_contract as (
        select
            territories.partner,
            'contract:' || coalesce(places.prefecture, '') || '|' || coalesce(places.industry, '') as audience
        from territories
        cross join places
        where
            (places.prefecture is not null and not list_contains(territories.prefectures, fold_text(places.prefecture)))
            or (places.industry is not null and not list_contains(territories.industries, fold_text(places.industry)))
    )

select 'all' as audience, partner, null::varchar as rule, null::integer as days
from partners
union all
select 'partner:' || partner, partner, null, null
from partners
union all
select rule || ':' || coalesce(days::varchar, ''), partner, rule, days
from settings
where rule <> 'out_of_contract'
union all
select out_of_contract.audience, settings.partner, settings.rule, null
from out_of_contract
inner join settings using (partner)
where settings.rule = 'out_of_contract'
